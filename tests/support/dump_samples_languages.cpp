#include "dump_samples.hpp"

namespace framewire::tests::dump_samples {

namespace {

using namespace std::string_literals;

const std::string plain = "0000000548656c6c6f0000000c0030225cff0a27807f094162";
const std::string decimals =
    "0, 0, 0, 5, 72, 101, 108, 108, 111, 0, 0, 0, 12, 0, 48, 34, 92, 255, 10, 39, 128, 127, 9, "
    "65, 98";
const std::string pairs =
    "00 00 00 05 48 65 6c 6c 6f 00 00 00 0c 00 30 22 5c ff 0a 27 80 7f 09 41 62";
const std::string all_bytes = "\0\0\0\5Hello\0\0\0\14\0000\"\\\xFF\n'\x80\x7F\tAb"s;

}  // namespace

std::vector<sample> c_and_others() {
    return {
        {"c_string", R"("\0\0\0\5Hello\0\0\0\f\0000\"\\\377\n'\200\177\tAb"
)"},
        {"gdb_print", R"($1 = "\000\000\000\005Hello\000\000\000\f\0000\"\\\377\n'\200\177\tAb"
)"},
        {"gdb_repeats",
         R"($1 = '\000' <repeats 3 times>, "\005Hello\000\000\000\f\0000\"\\\377\n'\200\177\tAb"
)"},
        {"perl_dumper", R"($VAR1 = "\0\0\0\5Hello\0\0\0\f\0000\"\\\377\n'\200\177\tAb";
)"},
        {"erlang",
         "<<0,0,0,5,72,101,108,108,111,0,0,0,12,0,48,34,92,255,10,39,128,127,9,65,98>>\n"},
        {"erlang_text", R"(<<0,0,0,5,"Hello",0,0,0,12,0,"0\"\\",255,10,39,128,127,9,"Ab">>
)"},
        {"decimals", decimals + "\n"},
        {"base64", "AAAABUhlbGxvAAAADAAwIlz/CieAfwlBYg==\n", sides::client, {.base64 = true}},
        {"base64_of_urls",
         "AAAABUhlbGxvAAAADAAw\nIlz_CieAfwlBYg",
         sides::client,
         {.base64 = true}},
        {"a_binary_file", all_bytes},
        {"utf16_of_powershell",
         [] {
             std::string out = "\xFF\xFE";
             for (const char one : plain) out += one, out += '\0';
             return out;
         }()},
    };
}

std::vector<sample> javascript() {
    return {
        {"node_buffer", "<Buffer " + pairs + ">\n"},
        {"node_buffer_of_an_object", "{\n  a: <Buffer " + pairs + ">\n}\n"},
        {"node_array_buffer",
         "ArrayBuffer {\n  [Uint8Contents]: <" + pairs + ">,\n  byteLength: 25\n}\n"},
        {"node_uint8array", R"(Uint8Array(25) [
    0,   0,  0,  5,  72, 101, 108, 108,
  111,   0,  0,  0,  12,   0,  48,  34,
   92, 255, 10, 39, 128, 127,   9,  65,
   98
]
)"},
        {"node_json",
         R"({"type":"Buffer","data":[0,0,0,5,72,101,108,108,111,0,0,0,12,0,48,34,92,255,)"
         R"(10,39,128,127,9,65,98]})"
         "\n"},
    };
}

std::vector<sample> python() {
    return {
        {"python_bytes", R"(b'\x00\x00\x00\x05Hello\x00\x00\x00\x0c\x000"\\\xff\n\'\x80\x7f\tAb'
)"},
        {"python_bytearray",
         R"(bytearray(b'\x00\x00\x00\x05Hello\x00\x00\x00\x0c\x000"\\\xff\n\'\x80\x7f\tAb')
)"},
        {"python_name",
         R"(data = b'\x00\x00\x00\x05Hello\x00\x00\x00\x0c\x000"\\\xff\n\'\x80\x7f\tAb'
)"},
        {"python_pprint", R"((b'\x00\x00\x00\x05Hello\x00\x00\x00\x0c\x000"\\\xff\n\'\x80'
 b'\x7f\tAb')
)"},
        {"python_list", "[" + decimals + "]\n"},
        {"python_array", "array('B', [" + decimals + "])\n"},
        {"python_hex", pairs + "\n"},
    };
}

std::vector<sample> go() {
    return {
        {"go_print",
         "[0 0 0 5 72 101 108 108 111 0 0 0 12 0 48 34 92 255 10 39 128 127 9 65 98]\n"},
        {"go_syntax",
         "[]byte{0x0, 0x0, 0x0, 0x5, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x0, 0x0, 0x0, "
         "0xc, 0x0, 0x30, 0x22, 0x5c, 0xff, 0xa, 0x27, 0x80, 0x7f, 0x9, 0x41, 0x62}\n"},
        {"go_array",
         "[25]byte{0x0, 0x0, 0x0, 0x5, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x0, 0x0, 0x0, "
         "0xc, 0x0, 0x30, 0x22, 0x5c, 0xff, 0xa, 0x27, 0x80, 0x7f, 0x9, 0x41, 0x62}\n"},
        {"go_quoted", R"("\x00\x00\x00\x05Hello\x00\x00\x00\f\x000\"\\\xff\n'\x80\x7f\tAb"
)"},
        {"go_hex_prefixes",
         "0x00 0x00 0x00 0x05 0x48 0x65 0x6c 0x6c 0x6f 0x00 0x00 0x00 0x0c 0x00 "
         "0x30 0x22 0x5c 0xff 0x0a 0x27 0x80 0x7f 0x09 0x41 0x62\n"},
    };
}

std::vector<sample> rust() {
    return {
        {"rust_debug", "[" + decimals + "]\n"},
        {"rust_pairs",
         "[00, 00, 00, 05, 48, 65, 6c, 6c, 6f, 00, 00, 00, 0c, 00, 30, 22, 5c, ff, "
         "0a, 27, 80, 7f, 09, 41, 62]\n"},
        {"rust_hex",
         "[0, 0, 0, 5, 48, 65, 6c, 6c, 6f, 0, 0, 0, c, 0, 30, 22, 5c, ff, a, 27, 80, "
         "7f, 9, 41, 62]\n"},
        {"rust_pretty",
         "[\n    0x00,\n    0x00,\n    0x00,\n    0x05,\n    0x48,\n    0x65,\n"
         "    0x6c,\n    0x6c,\n    0x6f,\n    0x00,\n    0x00,\n    0x00,\n"
         "    0x0c,\n    0x00,\n    0x30,\n    0x22,\n    0x5c,\n    0xff,\n"
         "    0x0a,\n    0x27,\n    0x80,\n    0x7f,\n    0x09,\n    0x41,\n"
         "    0x62,\n]\n"},
        {"rust_escape_ascii",
         R"(b"\x00\x00\x00\x05Hello\x00\x00\x00\x0c\x000\"\\\xff\n\'\x80\x7f\tAb"
)"},
        {"rust_bytes", R"(b"\0\0\0\x05Hello\0\0\0\x0c\00\"\\\xff\n'\x80\x7f\tAb"
)"},
    };
}

std::vector<sample> java_and_csharp() {
    return {
        {"java",
         "[0, 0, 0, 5, 72, 101, 108, 108, 111, 0, 0, 0, 12, 0, 48, 34, 92, -1, 10, 39, "
         "-128, 127, 9, 65, 98]\n"},
        {"java_cast",
         "byte[] data = new byte[] {0, 0, 0, 5, 72, 101, 108, 108, 111, 0, 0, 0, 12, "
         "0, 48, 34, 92, (byte)255, 10, 39, (byte)0x80, 127, 9, 65, 98};\n"},
        {"java_colons",
         "00:00:00:05:48:65:6c:6c:6f:00:00:00:0c:00:30:22:5c:ff:0a:27:80:7f:09:41:62\n"},
        {"csharp", "00-00-00-05-48-65-6C-6C-6F-00-00-00-0C-00-30-22-5C-FF-0A-27-80-7F-09-41-62\n"},
        {"csharp_array",
         "var m = new byte[25] { 0, 0, 0, 5, 72, 101, 108, 108, 111, 0, 0, 0, 12, "
         "0, 48, 34, 92, 255, 10, 39, 128, 127, 9, 65, 98 };\n"},
    };
}

}  // namespace framewire::tests::dump_samples
