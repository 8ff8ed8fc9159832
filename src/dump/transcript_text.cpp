#include "byte_text.hpp"
#include "forms.hpp"

#include <array>
#include <utility>

namespace framewire {
namespace {

constexpr std::string_view keyword = "framing ";
constexpr std::string_view connection = "connection ";

// `framing digits:10 max=64` means `digits:10,max=64`.
std::string join_options(std::string_view spec) {
    std::string joined;
    for (const char byte : spec) {
        const bool is_space = white_space.find(byte) != std::string_view::npos;
        if (!is_space) joined += byte;
        if (is_space && !joined.ends_with(',')) joined += ',';
    }
    return joined;
}

class transcript_reader {
public:
    result<dump> read(const std::vector<text_line>& lines) {
        for (const auto& line : lines) {
            if (const auto done = take(line); !done) return tl::unexpected(done.error());
        }
        found_.cut = is_cut(stream_side::client);
        return std::move(found_);
    }

private:
    result<void> take(const text_line& line) {
        const auto text = trim(line.text);
        if (text.empty()) return {};
        const auto after = std::exchange(after_bytes_of_, std::nullopt);
        if (text.starts_with(keyword)) return take_framing(line, text);
        if (text.starts_with(connection)) {
            return line.object(line.begin(), "this belongs to a connection among several",
                               "only one conversation can be read at a time");
        }
        switch (text.front()) {
            case '#':
                // The printer of transcripts shortens long lines so.
                if (after && text.starts_with("# and ") && text.ends_with(" more bytes")) {
                    set_cut(*after);
                }
                return {};
            case '=':
            case '@': return {};
            case '<':
            case '>':
                return take_bytes(line, trim(text.substr(1)),
                                  text.front() == '<' ? stream_side::client : stream_side::server);
            default:
                return line.refuse(line.begin(),
                                   "#, framing, <, >, = or @, as in the lines above");
        }
    }

    result<void> take_framing(const text_line& line, std::string_view text) {
        if (found_.framing) {
            return line.object(line.begin(), "a second conversation begins here",
                               "only one conversation can be read at a time");
        }
        found_.framing = join_options(trim(text.substr(keyword.size())));
        return {};
    }

    result<void> take_bytes(const text_line& line, std::string_view rest, stream_side from) {
        if (rest.empty() || rest == "eof" || rest == "reset") return {};
        const auto begin = line.begin() + 1;
        if (rest.starts_with("gap ")) {
            return line.object(begin, "bytes are missing here",
                               "a transcript that begins with its framing may have gaps");
        }
        // What the server sent is often shortened, and nothing depends on it.
        if (is_cut(from) && from == stream_side::server) return leave_out();
        if (is_cut(from)) {
            return line.object(begin, "bytes are missing before these: the transcript was cut",
                               "only the end of a stream may be missing");
        }
        byte_text read;
        if (const auto done = read.read(line, begin); !done) return tl::unexpected(done.error());
        if (auto data = read.take_bytes(); !data.empty()) {
            found_.pieces.push_back({.from = from, .data = std::move(data)});
        }
        if (read.cut()) set_cut(from);
        after_bytes_of_ = from;
        return {};
    }

    result<void> leave_out() {
        if (std::exchange(left_out_, true)) return {};
        found_.remarks.emplace_back(
            "the bytes of the server end where the transcript first leaves some out");
        return {};
    }

    [[nodiscard]] bool is_cut(stream_side side) const {
        return cut_.at(static_cast<std::size_t>(side));
    }
    void set_cut(stream_side side) { cut_.at(static_cast<std::size_t>(side)) = true; }

    dump found_{.form = "transcript"};
    std::array<bool, 2> cut_{};
    std::optional<stream_side> after_bytes_of_;
    bool left_out_ = false;
};

}  // namespace

bool is_transcript(const pasted_text& text) {
    constexpr std::string_view marks = "<>=@";
    const auto first = trim(text.content.front().text);
    return first.starts_with(keyword) || marks.find(first.front()) != std::string_view::npos;
}

result<dump> read_transcript(const pasted_text& text, const dump_options& /*options*/) {
    return transcript_reader().read(text.lines);
}

}  // namespace framewire
