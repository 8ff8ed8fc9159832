#include "dump.hpp"

#include "base64.hpp"
#include "forms.hpp"
#include "framewire/core/utf8.hpp"
#include "packet_header.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <utility>

namespace framewire {
namespace {

// A text has no NUL and no other controls than these; most bytes of what is none are not UTF-8.
bool is_binary(bytes input) {
    constexpr std::string_view of_texts = "\t\n\r\f\x1B";
    std::size_t foreign = 0;
    for (const char one : input) {
        const auto byte = static_cast<unsigned char>(one);
        if (byte >= 0x80) ++foreign;
        if ((byte < 0x20 && of_texts.find(one) == std::string_view::npos) || byte == 0x7F) {
            return true;
        }
    }
    constexpr std::size_t tenth = 10;
    return foreign * tenth > input.size() && count_utf8(input) == unknown_length;
}

// What PowerShell writes when a program's output is put into a file: UTF-16.
std::optional<std::string> from_utf16(bytes input) {
    if (!input.starts_with("\xFF\xFE") || input.size() % 2 != 0) return std::nullopt;
    std::string out;
    for (std::size_t at = 2; at < input.size(); at += 2) {
        if (input[at + 1] != '\0' || static_cast<unsigned char>(input[at]) >= 0x80) {
            return std::nullopt;
        }
        out += input[at];
    }
    return out;
}

result<dump> as_bytes(bytes input, bool is_asked) {
    dump found{.form = "bytes"};
    if (!input.empty()) found.pieces.push_back({.data = std::string(input)});
    if (!is_asked) {
        found.remarks.emplace_back("this is no text: its bytes are taken for what was captured");
    }
    return found;
}

result<dump> as_base64(const std::vector<text_line>& lines) {
    dump found{.form = "base64"};
    std::string data;
    if (const auto done = append_base64(lines, data); !done) return tl::unexpected(done.error());
    if (!data.empty()) found.pieces.push_back({.data = std::move(data)});
    return found;
}

result<dump> read_text(bytes text, const dump_options& options) {
    pasted_text pasted{.lines = split_lines(text)};
    pasted.content = content_lines(pasted.lines);
    if (pasted.content.empty()) {
        return tl::unexpected(failure{"there are no bytes: the text is empty"});
    }
    if (options.base64) return as_base64(pasted.content);
    for (const auto& form : dump_forms()) {
        if (form.is(pasted)) {
            auto found = form.read(pasted, options);
            if (found && found->form.empty()) found->form = form.name;
            return found;
        }
    }
    return pasted.content.front().refuse(0, "bytes in a form that is known");
}

result<dump> without_start(dump found, std::size_t skip) {
    if (skip == 0) return found;
    std::size_t number = 0;
    for (auto& piece : found.pieces) {
        ++number;
        if (piece.data.size() < skip) {
            return tl::unexpected(
                failure{fmt::format("piece {} has {} bytes, so {} cannot be left out", number,
                                    piece.data.size(), skip)});
        }
        piece.data.erase(0, skip);
    }
    std::erase_if(found.pieces, [](const dump_piece& piece) { return piece.data.empty(); });
    return found;
}

// Only dumps with offsets show packets with their headers.
void find_packets(dump& found) {
    const bool may_have =
        found.form == "tcpdump -x" || found.form == "xxd" || found.form.starts_with("hex dump");
    if (!may_have) return;
    if (const auto link = link_type_of(found.pieces)) {
        found.has_packets = true;
        found.link_type = *link;
    } else if (found.pieces.size() > 1 && found.form != "tcpdump -x") {
        found.remarks.push_back(
            fmt::format("{} dumps one after the other, each from offset 0: all from the client",
                        found.pieces.size()));
    } else if (found.form == "tcpdump -x") {
        found.remarks.emplace_back(
            "the headers of these packets are not known; --skip N leaves out N bytes of each");
    }
}

}  // namespace

result<dump> read_dump(bytes text, const dump_options& options) {
    const auto narrow = options.binary ? std::nullopt : from_utf16(text);
    if (narrow) text = *narrow;
    const bool binary = options.binary || is_binary(text);
    auto found = binary ? as_bytes(text, options.binary) : read_text(text, options);
    if (!found) return found;
    if (found->pieces.empty()) {
        return tl::unexpected(failure{found->form == "transcript"
                                          ? "there are no bytes: no line begins with < or >"
                                          : "there are no bytes in the text"});
    }
    if (options.skip == 0 && !binary) find_packets(*found);
    return without_start(*std::move(found), options.skip);
}

}  // namespace framewire
