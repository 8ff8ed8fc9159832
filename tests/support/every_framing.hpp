#pragma once

#include <array>
#include <string_view>

namespace framewire::tests {

/// Specs that name every framing whose frames have borders, and use every option. All carry
/// payloads of 16 bytes.
inline constexpr std::array every_framing{
    std::string_view("digits:10"),
    std::string_view("digits:64,pad=space"),
    std::string_view("digits:10,count=chars"),
    std::string_view("digits:4,pad=space,count=chars"),
    std::string_view("fixed:16"),
    std::string_view("u8"),
    std::string_view("u16be"),
    std::string_view("u16le"),
    std::string_view("u24be"),
    std::string_view("u24le"),
    std::string_view("u32be"),
    std::string_view("u32le"),
    std::string_view("u64be"),
    std::string_view("u64le"),
    std::string_view("u8,offset=3,trailer=2"),
    std::string_view(R"(u16le,magic=\xFFab,offset=5,adjust=-7)"),
    std::string_view("u32be,adjust=+2,trailer=1"),
    std::string_view("tpkt"),
    std::string_view("varint"),
    std::string_view("netstring"),
    std::string_view("octet-count"),
    std::string_view("line"),
    std::string_view(R"(delimiter:\r\n)"),
    std::string_view(R"(delimiter:\x03)"),
    std::string_view("delimiter:aab"),
    std::string_view("mllp"),
    std::string_view("content-length"),
};

}  // namespace framewire::tests
