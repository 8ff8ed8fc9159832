#pragma once

#include "dump.hpp"
#include "text_lines.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace framewire {

/// A pasted text. Requires: `content` is not empty.
struct pasted_text {
    /// Every line, for forms in which a comment says something.
    std::vector<text_line> lines{};
    /// Those that are neither empty nor comments.
    std::vector<text_line> content{};
};

/// A form in which bytes are pasted: how it is recognised, and how it is read.
struct dump_form {
    /// For a person.
    std::string_view name;
    bool (*is)(const pasted_text& text);
    result<dump> (*read)(const pasted_text& text, const dump_options& options);
};

/// All forms in the order in which they are tried: the first that is recognised reads the text.
/// The last one is every text that has no other form.
[[nodiscard]] std::span<const dump_form> dump_forms();

// strace: a line begins with a call, perhaps after a number and a time.
[[nodiscard]] bool is_call_trace(const pasted_text& text);
[[nodiscard]] result<dump> read_call_trace(const pasted_text& text, const dump_options& options);

// Wireshark's YAML: a line `peers:` or `packets:`, or `peer0_0: !!binary |`.
[[nodiscard]] bool is_yaml(const pasted_text& text);
[[nodiscard]] result<dump> read_yaml(const pasted_text& text, const dump_options& options);

// A log with rows of bytes below its lines: each has lines that no other program prints.
[[nodiscard]] bool is_curl_trace(const pasted_text& text);
[[nodiscard]] result<dump> read_curl_trace(const pasted_text& text, const dump_options& options);
[[nodiscard]] bool is_socat_trace(const pasted_text& text);
[[nodiscard]] result<dump> read_socat_trace(const pasted_text& text, const dump_options& options);
[[nodiscard]] bool is_ngrep(const pasted_text& text);
[[nodiscard]] result<dump> read_ngrep(const pasted_text& text, const dump_options& options);
[[nodiscard]] bool is_netty_log(const pasted_text& text);
[[nodiscard]] result<dump> read_netty_log(const pasted_text& text, const dump_options& options);
[[nodiscard]] bool is_tcpdump(const pasted_text& text);
[[nodiscard]] result<dump> read_tcpdump(const pasted_text& text, const dump_options& options);
[[nodiscard]] bool is_netcat_dump(const pasted_text& text);
[[nodiscard]] result<dump> read_netcat_dump(const pasted_text& text, const dump_options& options);

// gdb's `x`: `0x7ffe0 <buf+8>:` before numbers.
[[nodiscard]] bool is_memory(const pasted_text& text);
[[nodiscard]] result<dump> read_memory(const pasted_text& text, const dump_options& options);

// An offset first in the first line, and a colon, a text or a second offset that proves it.
[[nodiscard]] bool is_offset_dump(const pasted_text& text);
[[nodiscard]] result<dump> read_offset_dump(const pasted_text& text, const dump_options& options);

// Numbers between brackets, as languages print them.
[[nodiscard]] bool is_list(const pasted_text& text);
[[nodiscard]] result<dump> read_list(const pasted_text& text, const dump_options& options);

// Follow Stream as raw: digits alone on each line, those of the server indented.
[[nodiscard]] bool is_raw_follow(const pasted_text& text);
[[nodiscard]] result<dump> read_raw_follow(const pasted_text& text, const dump_options& options);

// `framing`, `<`, `>`, `=` or `@` first.
[[nodiscard]] bool is_transcript(const pasted_text& text);
[[nodiscard]] result<dump> read_transcript(const pasted_text& text, const dump_options& options);

// od -A n: rows that are no pairs of digits, without offsets.
[[nodiscard]] bool is_bare_rows(const pasted_text& text);
[[nodiscard]] result<dump> read_bare_rows(const pasted_text& text, const dump_options& options);

// Decimal numbers without brackets.
[[nodiscard]] bool is_decimals(const pasted_text& text);
[[nodiscard]] result<dump> read_decimals(const pasted_text& text, const dump_options& options);

// Pairs of digits and quoted text.
[[nodiscard]] bool is_any_text(const pasted_text& text);
[[nodiscard]] result<dump> read_plain(const pasted_text& text, const dump_options& options);

}  // namespace framewire
