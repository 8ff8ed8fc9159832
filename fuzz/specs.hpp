#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace framewire::fuzz {

/// The list of the target that is linked with it.
extern const std::string_view list_name;

/// The framings that the target `fuzz_NAME` tries; an input says which of them it is for.
struct spec_list {
    std::string_view name;
    std::array<std::string_view, 24> specs;

    [[nodiscard]] constexpr std::size_t size() const noexcept {
        return static_cast<std::size_t>(std::ranges::find(specs, "") - specs.begin());
    }
};

inline constexpr std::array spec_lists{
    spec_list{"digits",
              {"digits:10", "digits:1", "digits:2", "digits:2,max=5,oversize=skip",
               "digits:4,max=64", "digits:3,pad=space", "digits:20,pad=space,oversize=skip",
               "digits:255", "digits:10,count=chars", "digits:2,max=5,count=chars",
               "digits:2,pad=space,count=chars,max=4,oversize=skip",
               "digits:2,count=chars,max=5,oversize=skip",
               "digits:2,count=chars,max=9,oversize=skip", "digits:20,max=8,oversize=skip",
               "digits:8,max=9", "digits:16,max=300", "digits:17,max=70"}},
    spec_list{"fixed",
              {"fixed:1", "fixed:4", "fixed:16", "fixed:8,max=4", "fixed:8,max=4,oversize=skip",
               "fixed:255"}},
    spec_list{"raw", {"raw", "raw,max=3", "raw,max=64,oversize=skip"}},
    spec_list{"binary",
              {"u8",
               "u16be",
               "u16le",
               "u24be",
               "u24le",
               "u32be",
               "u32le",
               "u64be",
               "u64le",
               "tpkt",
               "kafka,max=8",
               "erlang-packet4,max=4,oversize=skip",
               "u8,offset=2,trailer=3,adjust=+1",
               "u8,magic=AB,offset=4,trailer=1,adjust=-2,max=9",
               "u16le,adjust=-300,oversize=skip,max=3",
               "u64be,adjust=-4294967296,oversize=skip",
               "u64le,adjust=+4294967296,oversize=skip,max=5",
               "u24be,adjust=+300,max=301",
               "u24le,trailer=255,max=5,oversize=skip",
               "u8,offset=255",
               R"(u32le,magic=\x00\,\\,trailer=2)",
               "u16be,adjust=-2,trailer=2,max=6"}},
    spec_list{"varint",
              {"varint", "varint,max=300", "varint,max=200,oversize=skip", "varint,oversize=skip",
               "protobuf-delimited,max=5"}},
    spec_list{"netstring",
              {"netstring", "netstring,max=5", "netstring,max=12,oversize=skip",
               "netstring,oversize=skip"}},
    spec_list{"octet_count", {"octet-count", "syslog,max=12", "octet-count,max=5,oversize=skip"}},
    spec_list{"content_length",
              {"content-length", "lsp,max=64", "content-length,max=5,oversize=skip"}},
    spec_list{"line",
              {"line", "line,max=1", "line,max=4", "line,max=4,oversize=skip",
               "line,max=0,oversize=skip", "line,max=9,oversize=skip"}},
    spec_list{"delimiter",
              {R"(delimiter:\n)", R"(delimiter:\r\n)", R"(delimiter:\x03,max=4)",
               "delimiter:aab,max=5", "delimiter:abab,max=6,oversize=skip", "delimiter:aaaa",
               "delimiter:aaaa,max=3,oversize=skip", R"(delimiter:\,\x2c\\,max=3)",
               "delimiter:abcabcabd,max=6,oversize=skip", R"(delimiter:\r\n.\r\n)",
               "delimiter:0123456789abcdef0123456789abcdeg,max=9",
               "delimiter:aabaaab,max=0,oversize=skip", "delimiter:ab,max=9,oversize=skip"}},
    spec_list{"mllp",
              {"mllp", "mllp,max=5", "mllp,max=5,oversize=skip", "mllp,max=0",
               "mllp,max=9,oversize=skip"}},
};

}  // namespace framewire::fuzz
