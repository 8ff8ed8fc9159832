#include "dump_samples.hpp"

namespace framewire::tests::dump_samples {

std::vector<sample> wireshark() {
    return {
        {"wireshark_three_spaces",
         R"(0000   00 00 00 05 48 65 6c 6c 6f 00 00 00 0c 00 30 22   ....Hello.....0"
0010   5c ff 0a 27 80 7f 09 41 62                        \..'...Ab
)"},
        {"wireshark_two_spaces",
         R"(0000  00 00 00 05 48 65 6c 6c 6f 00 00 00 0c 00 30 22  ....Hello.....0"
0010  5c ff 0a 27 80 7f 09 41 62                       \..'...Ab
)"},
        {"wireshark_without_text",
         "0000   00 00 00 05 48 65 6c 6c 6f 00 00 00 0c 00 30 22\n"
         "0010   5c ff 0a 27 80 7f 09 41 62\n"},
        {"c_arrays",
         R"(char peer0_0[] = { /* Packet 4 */
)"
         R"(0x00, 0x00, 0x00, 0x05, 0x48, 0x65, 0x6c, 0x6c,)"
         " \n"
         R"(0x6f };
char peer0_1[] = { /* Packet 6 */
)"
         R"(0x00, 0x00, 0x00, 0x0c, 0x00, 0x30, 0x22, 0x5c,)"
         " \n"
         R"(0xff, 0x0a, 0x27, 0x80, 0x7f, 0x09, 0x41, 0x62 };
char peer1_0[] = { /* Packet 8 */
0x00, 0x00, 0x00, 0x02, 0x4f, 0x4b };
)",
         sides::both},
        {"escaped_string", R"("\x00\x00\x00\x05\x48\x65\x6c\x6c\x6f\x00\x00\x00\x0c\x00\x30\x22" \
"\x5c\xff\x0a\x27\x80\x7f\x09\x41\x62"
)"},
        {"yaml", R"(peers:
  - peer: 0
    host: 127.0.0.1
    port: 40696
  - peer: 1
    host: 127.0.0.1
    port: 47001
packets:
  - packet: 4
    peer: 0
    timestamp: 1795920884.044720888
    data: !!binary |
      AAAABUhlbGxv
  - packet: 6
    peer: 0
    timestamp: 1795920884.094887018
    data: !!binary |
      AAAADAAwIlz/CieAfwlBYg==
  - packet: 8
    peer: 1
    timestamp: 1795920884.094937086
    data: !!binary |
      AAAAAk9L
)",
         sides::both},
        {"yaml_of_version_3", R"(# Packet 4
peer0_0: !!binary |
  AAAABUhlbGxv
# Packet 6
peer0_1: !!binary |
  AAAADAAwIlz/CieAfwlBYg==
# Packet 8
peer1_0: !!binary |
  AAAAAk9L
)",
         sides::both},
        {"tshark_fields", "0000000548656c6c6f\n0000000c0030225cff0a27807f094162\n"},
    };
}

std::vector<sample> follow_stream() {
    return {
        {"follow_hex",
         R"(00000000  00 00 00 05 48 65 6c 6c  6f                       ....Hell o
00000009  00 00 00 0c 00 30 22 5c  ff 0a 27 80 7f 09 41 62  .....0"\ ..'...Ab
    00000000  00 00 00 02 4f 4b                                 ....OK
)",
         sides::both},
        {"tshark_follow_hex",
         R"(
===================================================================
Follow: tcp,hex
Filter: tcp.stream eq 0
Node 0: 127.0.0.1:40696
Node 1: 127.0.0.1:47001
00000000  00 00 00 05 48 65 6c 6c  6f                       ....Hell o
00000009  00 00 00 0c 00 30 22 5c  ff 0a 27 80 7f 09 41 62  .....0"\ ..'...Ab
)"
         "\t00000000  00 00 00 02 4f 4b                                "
         " ....OK"
         "\n"
         R"(===================================================================
)",
         sides::both},
        {"tshark_follow_raw",
         R"(
===================================================================
Follow: tcp,raw
Filter: tcp.stream eq 0
Node 0: 127.0.0.1:40696
Node 1: 127.0.0.1:47001
0000000548656c6c6f
0000000c0030225cff0a27807f094162
)"
         "\t000000024f4b"
         "\n"
         R"(===================================================================
)",
         sides::both},
    };
}

}  // namespace framewire::tests::dump_samples
