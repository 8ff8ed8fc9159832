#pragma once

#include "framewire/codec/framing_table.hpp"

#include <array>

namespace framewire::presets {

/// Telecom and real time.
inline constexpr auto telecom = std::to_array<framing_preset>({
    {"smpp", "", "u32be,adjust=-4", "SMPP: short messages", "SMPP 3.4, 3.2",
     R"(\0\0\0\x15\0\0\0\0\0\0\0\x01)"},
    {"ucp", "emi", R"(between:\x02..\x03)", "UCP/EMI: short messages", "UCP/EMI 4.6, 3",
     "01/00045/O/30/66677789///1//////68656C6C6F/CE"},
    {"m3ua", "m2pa sua", "u32be,lead=4,adjust=-8", "SS7 over IP, where TCP carries it",
     "RFC 4666, 3.1", R"(\x01\0\x03\x03)"},
    {"ipa", "abis", "u16be,adjust=1", "IPA, Abis over IP: the payload begins with the stream",
     "Osmocom, IPA Multiplex", R"(\xfe\0)"},
    {"sip", "",
     R"(content-length,start=line,field=Content-Length|l,blanks=any,fields=keep,skip=\r\n)",
     "SIP: header and body, as they are", "RFC 3261, 18.3; RFC 5626, 4.4.1",
     R"(OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bK1\r\nContent-Len)"
     R"(gth: 0\r\n\r\n)"},
    {"rtsp", "",
     R"(content-length,start=line,missing=0,blanks=any,fields=keep,interleaved=$,skip=\r\n)",
     "RTSP: messages as they are, and interleaved data with its $", "RFC 2326, 10.12",
     R"(OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n)"},
    {"rtp", "", "u16be", "RTP over TCP", "RFC 4571, 2", R"(\x80\0\0\x01\0\0\0\xa0\0\0\0\x01abcd)"},
    {"stun", "", "u16be,lead=2,adjust=16", "STUN over TCP, without ChannelData", "RFC 8489, 5",
     R"(\0\x01!\x12\xa4B\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01)"},
    {"skinny", "sccp", "u32le,adjust=4", "Cisco's phones", "packet-skinny.c",
     R"(\0\0\0\0\0\0\0\0)"},
    {"ami", "asterisk", R"(delimiter:\r\n\r\n)", "Asterisk's manager interface",
     "Asterisk, AMI protocol", R"(Action: Ping\r\nActionID: 1)"},
    {"freeswitch", "esl", "content-length,eol=lf,missing=0,fields=keep",
     "FreeSWITCH's event socket", "mod_event_socket", R"(Content-Type: auth/request\n\n)"},
    {"mpegts", "mpeg-ts", "fixed:188", "MPEG transport stream", "ISO 13818-1, 2.4.3", "", true},
    {"osc", "", "u32be", "Open Sound Control 1.0", "OSC 1.0", R"(/a\0\0,i\0\0\0\0\0\x01)"},
    {"osc-slip", "osc11", "slip", "Open Sound Control 1.1", "OSC 1.1",
     R"(/a\0\0,i\0\0\0\0\0\xc0)"},
    {"irc", "", "line,eol=crlf", "IRC; lines that end with LF alone are read, too",
     "RFC 1459, 2.3", "NICK a"},
    {"mumble", "", "u32be,lead=2", "Mumble's control channel", "Mumble, Protocol stack",
     R"(\0\x03\x08\x01)"},
    {"teamspeak", "", R"(delimiter:\n\r)", "TeamSpeak's ServerQuery", "ServerQuery manual", "TS3"},
    {"oscar", "icq", "u16be,magic=*,lead=3", "OSCAR: AIM, ICQ", "OSCAR, FLAP",
     R"(\x01\0\x01\0\0\0\x01)"},
});

}  // namespace framewire::presets
