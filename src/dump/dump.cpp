#include "dump.hpp"

#include "byte_text.hpp"
#include "offset_lines.hpp"
#include "text_lines.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace framewire {
namespace {

constexpr std::string_view keyword = "framing ";

bool is_of_transcript(const text_line& line) {
    constexpr std::string_view marks = "<>=@";
    const auto text = trim(line.text);
    return text.starts_with(keyword) || marks.find(text.front()) != std::string_view::npos;
}

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
        return std::move(found_);
    }

private:
    result<void> take(const text_line& line) {
        const auto text = trim(line.text);
        if (text.empty()) return {};
        const bool after_bytes = std::exchange(after_bytes_, false);
        if (text.starts_with(keyword)) return take_framing(line, text);
        switch (text.front()) {
            case '#':
                // The printer of transcripts shortens long lines so.
                if (after_bytes && text.starts_with("# and ") && text.ends_with(" more bytes")) {
                    found_.cut = true;
                }
                return {};
            case '>':
            case '=':
            case '@': return {};
            case '<': return take_bytes(line, trim(text.substr(1)));
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

    result<void> take_bytes(const text_line& line, std::string_view rest) {
        if (rest.empty() || rest == "eof" || rest == "reset") return {};
        const auto begin = line.begin() + 1;
        if (found_.cut) {
            return line.object(begin, "bytes are missing before these: the transcript was cut",
                               "only the end of a stream may be missing");
        }
        if (const auto done = bytes_.read(line, begin); !done) {
            return tl::unexpected(done.error());
        }
        if (auto chunk = bytes_.take_bytes(); !chunk.empty()) {
            found_.pieces.push_back({.data = std::move(chunk)});
        }
        found_.cut = bytes_.cut();
        after_bytes_ = true;
        return {};
    }

    dump found_;
    byte_text bytes_;
    bool after_bytes_ = false;
};

result<dump> in_one(std::string all, bool cut) {
    dump found{.cut = cut};
    if (!all.empty()) found.pieces.push_back({.data = std::move(all)});
    return found;
}

result<dump> read_bytes(const std::vector<text_line>& lines) {
    byte_text read;
    for (const auto& line : lines) {
        if (const auto done = read.read(line, 0); !done) return tl::unexpected(done.error());
    }
    return in_one(read.take_bytes(), read.cut());
}

}  // namespace

result<dump> read_dump(bytes text, const dump_options& /*options*/) {
    const auto lines = split_lines(text);
    const auto content = content_lines(lines);
    if (content.empty()) return tl::unexpected(failure{"there are no bytes: the text is empty"});
    const bool transcript = is_of_transcript(content.front());
    auto found = transcript             ? transcript_reader().read(lines)
                 : has_offsets(content) ? read_offset_lines(content).and_then([](std::string all) {
                       return in_one(std::move(all), false);
                   })
                                        : read_bytes(content);
    if (!found || !found->pieces.empty()) return found;
    return tl::unexpected(failure{transcript ? "there are no bytes: no line begins with <"
                                             : "there are no bytes in the text"});
}

}  // namespace framewire
