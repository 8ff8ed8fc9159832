#include "framewire/codec/framing_table.hpp"

#include "spec_reader.hpp"

#include <algorithm>
#include <array>

namespace framewire {
namespace {

// With `or`, the delimiters are searched for together.
result<framing> read_delimiter(std::string_view text, spec_reader& spec) {
    return spec.has("or") ? framing_row::read<any_delimiter>(text, spec)
                          : framing_row::read<delimiter>(text, spec);
}

constexpr auto table = std::to_array<framing_row>({
    {"digits hex bcd", "digits:W[,pad=zero|space|left-space][,count=bytes|chars]|hex:W|bcd:N",
     "a length in W decimal or hexadecimal digits, or in N bytes of two digits each", "digits:10",
     "Hello", framing_row::read<digits>},
    {"fixed", "fixed:N", "every frame is N bytes", "fixed:16", "Greetings,server",
     framing_row::read<fixed>},
    {"raw", "raw", "no framing: what one read returns", "raw", "Hello", framing_row::read<raw>},
    {"u8 u16be u16le u24be u24le u32be u32le u40be u40le u48be u48le u56be u56le u64be u64le",
     "u8|u16be|u16le|u24be|u24le|u32be|u32le|u40be|u40le|u48be|u48le|u56be|u56le|u64be|u64le",
     "a binary length", "u16be", "Hello", framing_row::read<binary_length>},
    {"varint", "varint[:BYTES][,form=shortest|any]",
     "a length in unsigned LEB128, at most 10 bytes, canonical", "varint", "Hello",
     framing_row::read<varint>},
    {"decimal netstring octet-count", "decimal:END|netstring|octet-count",
     R"(a length in decimal digits that END ends; netstring: "5:Hello,", octet-count: "5 Hello")",
     "netstring", "Hello", framing_row::read<decimal>},
    {"line", "line[,eol=lf|crlf|any]", "ends with LF, a CR before it is dropped; sends LF", "line",
     "Hello", framing_row::read<line>},
    {"delimiter", "delimiter:BYTES[,or=BYTES...]", "ends with these 1 to 32 bytes",
     R"(delimiter:\r\n)", "Hello", read_delimiter},
    {"between", "between:START..END[,trailer=N][,skip=BYTES]",
     "between these bytes, which may not occur inside", R"(between:\x02..\x03)", "Hello",
     framing_row::read<between>},
    {"slip kiss hdlc jt808 tn3270", "slip|kiss|hdlc|jt808|tn3270",
     "ends with a byte that is written as others inside (RFC 1055)", "slip", "Hello",
     framing_row::read<stuffed>},
    {"cobs", "cobs", "consistent overhead byte stuffing, ends with a zero", "cobs", "Hello",
     framing_row::read<cobs>},
    {"dot", "dot[,eol=crlf|lf]", "lines up to a dot alone (SMTP, POP3, NNTP)", "dot", "Hello\r\n",
     framing_row::read<dot>},
    {"eof", "eof", "one payload, which ends with the stream", "eof", "Hello",
     framing_row::read<until_end>},
    {"content-length",
     "content-length[,field=NAMES][,eol=crlf|lf|any][,blanks=one|any][,missing=error|0|end]"
     "[,fields=drop|keep][,start=line][,skip=BYTES][,end=BYTES][,interleaved=BYTE]",
     "fields, one of which has the length, and an empty line (LSP, HTTP)", "content-length", "{}",
     framing_row::read<kept_message>},
    {"chunks chunked netconf11", "chunks:SPEC|chunked|netconf11",
     "chunks that an empty one ends; as HTTP (RFC 9112), NETCONF 1.1 (RFC 6242)", "chunks:u16be",
     "Hello", framing_row::read<chunks>},
    {"resp", "resp", "one value of Redis's protocol (RESP2, RESP3), as it is written", "resp",
     "*1\r\n$4\r\nPING\r\n", framing_row::read<resp>},
    {"ber", "ber", "one BER encoding: identifier, length, contents (LDAP, SNMP)", "ber",
     "\x04\x05Hello", framing_row::read<ber>},
    {"json", "json", "one JSON text; white space between texts is passed over", "json",
     R"({"hello":1})", framing_row::read<json_text>},
    {"msgpack", "msgpack", "one MessagePack object", "msgpack", "\xa5Hello",
     framing_row::read<msgpack>},
    {"fix", "fix", "a FIX message; fields 9 and 10 are checked and written", "fix",
     "8=FIX.4.4\00135=0\001", framing_row::read<fix>},
    {"nats", "nats", "a line of NATS, with the data whose size is its last word", "nats",
     "PUB hi 5\r\nHello\r\n", framing_row::read<nats>},
    {"memcached", "memcached", "a line of memcached's text protocol, with its data", "memcached",
     "set hi 0 0 5\r\nHello\r\n", framing_row::read<memcached>},
    {"beanstalkd", "beanstalkd", "a line of beanstalkd, with its data", "beanstalkd",
     "put 0 0 60 5\r\nHello\r\n", framing_row::read<beanstalkd>},
    {"syslog-any", "syslog-any", "syslog in both forms of RFC 6587; sends the octet count",
     "syslog-any", "<13>Hello", framing_row::read<syslog_any>},
});

}  // namespace

std::span<const framing_row> framing_table() noexcept { return table; }

std::vector<std::string_view> framing_names() {
    std::vector<std::string_view> names;
    const auto add = [&](std::string_view rest) {
        while (!rest.empty()) {
            const auto end = std::min(rest.find(' '), rest.size());
            names.push_back(rest.substr(0, end));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    };
    for (const auto& row : table) add(row.names);
    for (const auto& preset : framing_presets()) {
        add(preset.name);
        add(preset.aliases);
    }
    return names;
}

}  // namespace framewire
