// Answers the differential tests: each line on standard input is a request, each on standard
// output what the library says to it. Bytes are hexadecimal, `-` for none.
//
//     decode SPEC CUTS STREAM   the events of the stream, given byte by byte, each with how many
//                               bytes were given by then; then ` | CUT: EVENTS` for each cut with
//                               other events. CUTS are separated by `/`: positions, or `whole`.
//     encode SPEC PAYLOADS      ok FRAME, or refused NAME, for each of those between `/`, as one
//                               session sends them; separated by `; `
//     parse SPEC                ok SPEC, or refused
#include "framewire/session/session.hpp"

#include <algorithm>
#include <charconv>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using framewire::event;

const framewire::framing& framing_of(const std::string& spec) {
    static std::map<std::string, framewire::framing> known;
    if (const auto found = known.find(spec); found != known.end()) return found->second;
    auto parsed = framewire::framing::parse(spec);
    if (!parsed) throw std::invalid_argument(spec + ": " + parsed.error().message());
    return known.emplace(spec, *parsed).first->second;
}

std::string from_hexadecimal(std::string_view text) {
    std::string data;
    if (text == "-") return data;
    for (; !text.empty(); text.remove_prefix(2)) {
        unsigned char value = 0;
        const auto pair = text.substr(0, 2);
        const auto end = pair.data() + pair.size();
        if (pair.size() != 2 || std::from_chars(pair.data(), end, value, 16).ptr != end) {
            throw std::invalid_argument("not hexadecimal: " + std::string(text));
        }
        data.push_back(static_cast<char>(value));
    }
    return data;
}

std::string to_hexadecimal(std::string_view data) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string text = data.empty() ? "-" : "";
    for (const char byte : data) {
        const auto value = static_cast<unsigned char>(byte);
        text += digits[value / 16];
        text += digits[value % 16];
    }
    return text;
}

std::vector<std::string_view> split(std::string_view text, char at) {
    std::vector<std::string_view> parts;
    for (std::size_t border = 0; border != std::string_view::npos;
         text.remove_prefix(border + 1)) {
        border = text.find(at);
        parts.push_back(text.substr(0, border));
        if (border == std::string_view::npos) break;
    }
    return parts;
}

framewire::limits limits_without_flood() {
    framewire::limits limits;
    limits.tiny_frames_per_second_max = 0;
    return limits;
}

/// One stream, from its first byte to its end.
class listener {
public:
    listener(const std::string& spec, bool counts)
        : session_(framing_of(spec), limits_without_flood(), framewire::delivery::whole, {}),
          counts_(counts) {}

    void hear(std::string_view chunk) {
        // Exactly as large, and gone when we return: who reads beyond it, or later, is found out.
        const std::vector<char> copy(chunk.begin(), chunk.end());
        given_ += copy.size();
        session_.receive({copy.data(), copy.size()});
        listen();
    }

    std::string end() {
        session_.receive_eof();
        listen();
        return said_;
    }

private:
    void listen() {
        while (const auto event = session_.next()) {
            // A frame has at least one byte.
            if (++events_ > given_ + 1) throw std::runtime_error("it does not stop: " + said_);
            if (!said_.empty()) said_ += "; ";
            said_ += describe(*event);
            if (counts_) said_ += " after " + std::to_string(given_);
        }
        session_.hold();
    }

    std::string describe(const event& event) {
        const auto at = " at " + std::to_string(event.offset);
        switch (event.what) {
            case event::kind::frame:
                if (event.piece.idle) return "idle " + std::to_string(event.piece.field) + at;
                return (event.piece.whole() ? "frame " : "piece ") +
                       to_hexadecimal(event.piece.payload) + at;
            case event::kind::skipped:
                return "skipped " + std::to_string(event.piece.announced) + at;
            case event::kind::finished: return "finished";
            case event::kind::failed: break;
        }
        const auto& failure = *session_.failure();
        if (failure.offset != event.offset) throw std::runtime_error("two offsets" + at);
        return "failed " + std::string(error_name(failure.code)) + at;
    }

    framewire::session session_;
    bool counts_;
    std::size_t given_ = 0;
    std::size_t events_ = 0;
    std::string said_;
};

std::string without_counts(std::string said) {
    static constexpr std::string_view begin = " after ";
    for (auto at = said.find(begin); at != std::string::npos; at = said.find(begin, at)) {
        said.erase(at, said.find_first_not_of("0123456789", at + begin.size()) - at);
    }
    return said;
}

std::string hear_cut(const std::string& spec, std::string_view cut, std::string_view stream) {
    listener all(spec, false);
    std::size_t begin = 0;
    for (const auto position :
         cut == "whole" ? std::vector<std::string_view>{} : split(cut, ',')) {
        const auto border = std::stoull(std::string(position));
        all.hear(stream.substr(begin, border - begin));
        begin = border;
    }
    all.hear(stream.substr(begin));
    return all.end();
}

std::string decode(const std::string& spec, std::string_view cuts, std::string_view stream) {
    listener byte_by_byte(spec, true);
    for (std::size_t at = 0; at < stream.size(); ++at) byte_by_byte.hear(stream.substr(at, 1));
    auto answer = byte_by_byte.end();
    const auto expected = without_counts(answer);
    for (const auto cut : split(cuts, '/')) {
        const auto said = hear_cut(spec, cut, stream);
        if (said != expected) answer += " | " + std::string(cut) + ": " + said;
    }
    return answer;
}

std::string encode(const std::string& spec, std::string_view payloads) {
    framewire::session speaker(framing_of(spec), limits_without_flood(),
                               framewire::delivery::whole, {});
    std::string answers;
    for (const auto payload : split(payloads, '/')) {
        const auto before = speaker.output().size();
        const auto sent = speaker.send(from_hexadecimal(payload));
        const auto frame = speaker.output().substr(before);
        if (!answers.empty()) answers += "; ";
        if (sent) {
            answers += "ok " + to_hexadecimal(frame);
        } else {
            answers += "refused " + std::string(error_name(sent.error())) +
                       (frame.empty() ? "" : ", but something was queued");
        }
    }
    return answers;
}

std::string answer(const std::string& line) {
    std::istringstream request(line);
    std::string what;
    std::string spec;
    std::string cuts;
    std::string data;
    request >> what >> spec;
    if (what == "decode" && request >> cuts >> data) {
        return decode(spec, cuts, from_hexadecimal(data));
    }
    if (what == "encode" && request >> data) return encode(spec, data);
    if (what != "parse") throw std::invalid_argument("no request: " + line);
    const auto parsed = framewire::framing::parse(spec);
    return parsed ? "ok " + std::string(parsed->spec()) : "refused";
}

}  // namespace

int main() {
    try {
        for (std::string line; std::getline(std::cin, line);) {
            std::cout << answer(line) << std::endl;
        }
    } catch (const std::exception& fault) {
        std::cerr << fault.what() << '\n';
        return 1;
    }
    return std::cout.flush() ? 0 : 1;
}
