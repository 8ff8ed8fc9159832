// fuzz_seeds TRANSCRIPTS CORPUS SEEDS: writes what the targets begin with, made of the
// transcripts, of frames that we encode, and of the inputs that were kept.

#include "spec_lists.hpp"
#include "trial.hpp"

#include "framewire/codec/framing_table.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>

namespace framewire::fuzz {
namespace {

namespace fs = std::filesystem;

std::string_view name_of(std::string_view spec) {
    return spec.substr(0, spec.find_first_of(":,"));
}

class seeds {
public:
    explicit seeds(fs::path folder) : folder_(std::move(folder)) {}

    void add_transcript(std::string_view name, std::string_view text) {
        const auto parsed = transcript::parse(text);
        if (!parsed) return;
        std::string stream;
        for (const auto& line : parsed->lines) {
            if (line.what == transcript_line::kind::from_peer) stream += line.text;
        }
        const auto& spec = parsed->framing.spec();
        write("transcript", name, text);
        write("dump", name, text);
        write("spec", name, spec + "\n" + stream);
        for (const auto& list : lists_) {
            for (std::size_t i = 0; i < list.specs.size(); ++i) {
                if (name_of(list.specs[i]) == name_of(spec)) add_stream(list, i, name, stream);
            }
        }
    }

    /// The lines of a transcript that is none: each is an input.
    void add_kept(std::string_view target, std::string_view text) {
        const auto kept = transcript::parse(text).value();
        for (const auto& line : kept.lines) {
            if (line.what != transcript_line::kind::from_peer) continue;
            write(target, "kept-" + std::to_string(line.number), line.text);
        }
    }

    void add_frames() {
        for (const auto& list : lists_) {
            for (std::size_t at = 0; at < list.specs.size(); ++at) add_frames(list, at);
        }
    }

    void add_proxy_headers() {
        write("proxy", "v1", "PROXY TCP4 192.0.2.7 192.0.2.1 51000 7000\r\n");
        write("proxy", "v1-ipv6", "PROXY TCP6 2001:db8::7 ::1 51000 7000\r\n");
        write("proxy", "v2",
              std::string("\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0C"
                          "\xC0\0\2\7\xC0\0\2\1\1\2\3\4",
                          28));
    }

    void add_spec(std::string_view spec, std::string_view payload) {
        write("spec", name_of(spec), std::string(spec).append("\n").append(payload));
    }

    /// A role, the size of the pieces, and what the peer sends or how it is changed.
    void add_tls() {
        write("tls", "server", "\x03\x10GET / HTTP/1.1");
        write("tls", "client", "\x01\x10\x15\x03\x03");
        for (int at = 0; at < 250; at += 10) {
            write("tls", "change-" + std::to_string(at),
                  "\x02\x10" + std::string{static_cast<char>(at), '\x01'});
        }
    }

private:
    void add_frames(const spec_list& list, std::size_t at) {
        constexpr std::array<std::string_view, 4> payloads{"", "Hello", "h\xC3\xA9llo",
                                                           "0123456789abcdef"};
        const auto framing = framing::parse(list.specs[at]).value();
        std::string stream;
        for (const auto payload : payloads) {
            const bool is_first = stream.empty() && framing.first() != nullptr;
            static_cast<void>((is_first ? *framing.first() : framing).encode(payload, stream));
        }
        add_stream(list, at, "frames", stream);
        write("spec", std::string(list.name) + "-" + std::to_string(at),
              framing.spec() + "\nHello");
    }

    void add_stream(const spec_list& list, std::size_t at, std::string_view name,
                    std::string_view stream) {
        const trial input{static_cast<std::uint8_t>(at), {2, 0, 6, 30}, stream};
        const auto file = std::string(name) + "-" + std::to_string(at);
        write(list.name, file, input.print());
        // Where all lists are one.
        auto place = at;
        for (const auto& before : lists_) {
            if (&before == &list) break;
            place += before.specs.size();
        }
        const trial same{static_cast<std::uint8_t>(place), input.sizes, stream};
        write("walkthrough", std::string(list.name) + "-" + file, same.print());
    }

    void write(std::string_view target, std::string_view name, std::string_view input) {
        const auto folder = folder_ / target;
        fs::create_directories(folder);
        std::ofstream file(folder / name, std::ios::binary);
        file.exceptions(std::ios::badbit | std::ios::failbit);
        file << input;
    }

    std::vector<spec_list> lists_ = spec_lists();
    fs::path folder_;
};

template <class Add>
void for_each_file(const char* folder, Add add) {
    for (const auto& entry : fs::directory_iterator(folder)) {
        std::ifstream file(entry.path(), std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        add(entry.path().stem().string(), text);
    }
}

}  // namespace
}  // namespace framewire::fuzz

int main(int count, char** arguments) {
    using namespace framewire;
    if (count != 4) return std::cerr << "usage: fuzz_seeds TRANSCRIPTS CORPUS SEEDS\n", 2;
    fuzz::seeds seeds(arguments[3]);
    fuzz::for_each_file(arguments[1], [&](const auto& name, const auto& text) {
        seeds.add_transcript(name, text);
    });
    fuzz::for_each_file(arguments[2],
                        [&](const auto& name, const auto& text) { seeds.add_kept(name, text); });
    seeds.add_frames();
    seeds.add_tls();
    seeds.add_proxy_headers();
    for (const auto& row : framing_table()) seeds.add_spec(row.example_spec, row.example_payload);
    for (const auto& preset : framing_presets()) seeds.add_spec(preset.name, "Hello");
}
