#pragma once

#include "framewire/codec/framing_table.hpp"

#include <array>

namespace framewire::presets {

/// Payments and exchanges.
inline constexpr auto finance = std::to_array<framing_preset>({
    {"iso8583-ascii4", "ascii-channel", "digits:4",
     "ISO 8583 messages after four digits (jPOS ASCIIChannel)", "jPOS, ASCIIChannel",
     R"(0800\x82 \0\0\0\0\0\0x)"},
    {"iso8583-bin2", "nac-channel post-channel", "u16be",
     "ISO 8583 messages after two bytes (jPOS PostChannel, NACChannel)", "jPOS, PostChannel",
     R"(0800\x82 \0\0\0\0\0\0x)"},
    {"iso8583-bin4", "", "u32be", "ISO 8583 messages after four bytes",
     "jPOS, XMLChannel, GZIPChannel", ""},
    {"iso8583-bin2-self", "amex-channel", "u16be,adjust=-2,idle=0",
     "the two bytes count themselves; 0 is a poll, and idle (jPOS AmexChannel)",
     "jPOS, AmexChannel", R"(0800\x82 \0\0\0\0\0\0x)"},
    {"iso8583-hex4", "hex-channel", "hex:4",
     "ISO 8583 messages after four hexadecimal digits (jPOS HEXChannel)", "jPOS, HEXChannel",
     R"(0800\x82 \0\0\0\0\0\0x)"},
    {"iso8583-bcd2", "ncc-channel bcd-channel", "bcd:2",
     "ISO 8583 messages after two BCD bytes (jPOS NCCChannel, BCDChannel)", "jPOS, NCCChannel",
     R"(0800\x82 \0\0\0\0\0\0x)"},
    {"iso8583-vap", "vap-channel visa", "u16be,adjust=2",
     "two bytes, and two zeros in the payload (jPOS VAPChannel)", "jPOS, VAPChannel",
     R"(\0\00800\x82 \0\0\0\0\0\0x)"},
    {"gicc", "", R"(u16be,magic=\0\0)", "GICC (jPOS GICCChannel)", "jPOS, GICCChannel",
     R"(0800\x82 \0\0\0\0\0\0x)"},
    {"base24", "", R"(delimiter:\x03)", "BASE24 (jPOS BASE24Channel)", "jPOS, BASE24Channel",
     "ISO0160000100800822"},
    {"base24-tcp", "", R"(u16be,adjust=-1,end=\x03)",
     "BASE24 over TCP: the length counts the 03 at the end (jPOS BASE24TCPChannel)",
     "jPOS, BASE24TCPChannel", R"(0800\x82 \0\0\0\0\0\0x)"},
    {"ndc", "ddc", "u16be", "cash machines", "NCR NDC Reference Manual",
     R"(22\x1c001\x1c\x1c9\x1c\x1c\x1c\x1c)"},
    {"payshield", "", "u16be", "payShield: modules that keep keys", "payShield 10K", "HEADNC"},
    {"atalla", "", "delimiter:>", "Atalla: modules that keep keys", "Atalla A10160", "<00#0101##"},
    {"nexo", "opi epas", "u32be", "tills and terminals", "nexo, Transport", "<a></a>"},
    {"sofh", "", "u32be,adjust=-4", "FIX Simple Open Framing Header: SBE, JSON, FAST",
     "FIX SOFH 1.0", R"(\xf0\08=F)"},
    {"ilink3", "cme", "u16le,adjust=-2", "CME iLink 3", "CME, iLink 3", R"(\xfe\xcaabc)"},
    {"soupbintcp", "itch ouch", "u16be", "SoupBinTCP: Nasdaq's ITCH and OUCH", "SoupBinTCP 4.1",
     "R"},
    {"boe", "cboe", R"(u16le,magic=\xba\xba,adjust=-2)", "Cboe's order entry", "Cboe, BOE 2",
     R"(7\0\0\0\0\0)"},
    {"mit-native", "lse", R"(u16le,magic=\x02)", "London, Johannesburg, Oslo: native trading",
     "LSE MIT203", "0"},
    {"eti", "eurex xetra", "u32le,adjust=-4", "Eurex, Xetra: ETI", "T7 ETI manual",
     R"(\x1b'\0\0\0\0\0\0\0\0\0\0)"},
});

}  // namespace framewire::presets
