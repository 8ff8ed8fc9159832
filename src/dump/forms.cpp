#include "forms.hpp"

#include "base64.hpp"
#include "byte_text.hpp"

#include <algorithm>
#include <array>

namespace framewire {
namespace {

// First what says by a word of its own whose it is, then what has an order, then bare numbers.
constexpr std::array<dump_form, 16> forms{{
    {"strace", is_call_trace, read_call_trace},
    {"YAML of Wireshark", is_yaml, read_yaml},
    {"curl --trace", is_curl_trace, read_curl_trace},
    {"socat -x", is_socat_trace, read_socat_trace},
    {"ngrep -x", is_ngrep, read_ngrep},
    {"nc -o", is_netcat_dump, read_netcat_dump},
    {"Netty's table", is_netty_log, read_netty_log},
    {"memory of gdb", is_memory, read_memory},
    {"tcpdump -x", is_tcpdump, read_tcpdump},
    {"Follow Stream as raw", is_raw_follow, read_raw_follow},
    {"hex dump", is_offset_dump, read_offset_dump},
    {"list of numbers", is_list, read_list},
    {"transcript", is_transcript, read_transcript},
    {"od -A n", is_bare_rows, read_bare_rows},
    {"decimal numbers", is_decimals, read_decimals},
    {"pairs of digits", is_any_text, read_plain},
}};

}  // namespace

std::span<const dump_form> dump_forms() { return forms; }

bool is_any_text(const pasted_text& /*text*/) { return true; }

result<dump> read_plain(const pasted_text& text, const dump_options& options) {
    byte_text read;
    for (const auto& line : text.content) {
        if (auto done = read.read(line, 0); !done) {
            auto why = std::move(done.error());
            if (std::ranges::all_of(text.content, [](const text_line& one) {
                    return looks_like_base64(one.text);
                })) {
                why.hint = "--base64 reads base64";
            }
            return tl::unexpected(std::move(why));
        }
    }
    dump found{.form = "pairs of digits", .cut = read.cut()};
    if (auto all = read.take_bytes(); !all.empty()) {
        found.pieces.push_back({.data = std::move(all)});
    }
    if (read.has_rust_zero()) {
        found.remarks.emplace_back(
            "\\0 before a digit is taken for a zero byte and that digit, as Rust prints it");
    }
    if (read.has_words() && !options.little_words) {
        found.remarks.emplace_back("groups of digits are read in the order shown");
    }
    return found;
}

}  // namespace framewire
