#pragma once

#include "framewire/codec/framing_table.hpp"

#include <array>

namespace framewire::presets {

/// Industry, vehicles, utilities.
inline constexpr auto industry = std::to_array<framing_preset>({
    {"modbus", "modbus-tcp", "u16be,lead=4",
     "Modbus TCP: transaction and protocol lead the payload", "Modbus on TCP/IP, 3.1.3",
     R"(\x124\0\0\x01\x03\0\0\0\x02)"},
    {"modbus-ascii", "", R"(between::..\r\n)", "Modbus ASCII; the checksum is in the payload",
     "Modbus over Serial Line, 2.5.2", "010300000002FA"},
    {"iec104", "", "u8,magic=h", "IEC 60870-5-104: telecontrol", "IEC 60870-5-104, 5",
     R"(\x07\0\0\0)"},
    {"opcua", "opc-ua", "u32le,lead=4,adjust=-8",
     "OPC UA: message type and chunk lead the payload", "OPC 10000-6, 7.1.2.2",
     R"(HELF\0\0\0\0\xff\xff\0\0\xff\xff\0\0\0\0\0\0\0\0\0\0\x12\0\0\0opc.tcp://h:48)"
     "40/x"},
    {"enip", "ethernet-ip cip", "u16le,lead=2,adjust=20", "EtherNet/IP: Rockwell", "CIP, volume 2",
     R"(e\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0)"},
    {"ads", "ams beckhoff", R"(u32le,magic=\0\0)", "Beckhoff's ADS", "AMS/TCP packet",
     R"(\n\0\0\x01\x01\x01S\x03\n\0\0\x02\x01\x01\x89\x80\x01\0\x04\0\0\0\0\0\0\0\0)"
     R"(\0\x01\0\0\0)"},
    {"fins", "omron", "u32be,magic=FINS", "Omron's FINS/TCP", "Omron W342",
     R"(\0\0\0\0\0\0\0\0\0\0\0\0)"},
    {"melsec", "slmp", R"(u16le,magic=\x50\0,lead=5,reply=u16le\,magic=\\xd0\\0\,lead=5)",
     "Mitsubishi MELSEC 3E, SLMP", "SH-080008, 3E frame",
     R"(\0\xff\xff\x03\0\x10\0\x01\x04\0\0\0\0\0\xa8\x01\0)"},
    {"knx", "knxnet", R"(u16be,magic=\x06\x10,lead=2,adjust=-6)", "KNXnet/IP over TCP",
     "KNX, 3/8/2", R"(\x02\x05\x08\x02\0\0\0\0\0\0)"},
    {"hart-ip", "", "u16be,lead=6,adjust=-8", "HART-IP", "HCF_SPEC-085",
     R"(\x01\0\0\0\0\x01\x01\0\0u0)"},
    {"doip", "", R"(u32be,magic=\x02\xfd,lead=2)", "diagnosis of cars over IP", "ISO 13400-2",
     R"(\0\x05\x0e\0\0\0\0\0\0)"},
    {"someip", "some-ip", "u32be,lead=4", "SOME/IP over TCP: cars", "AUTOSAR, SOME/IP",
     R"(\x124\0\x01\0\0\0\x01\x01\x01\0\0)"},
    {"xcp", "", "u16le,adjust=2", "XCP on TCP: calibration of control units", "ASAM XCP, part 3",
     R"(\0\0\xff\0)"},
    {"dlms", "cosem", R"(u16be,magic=\0\x01,lead=4)", "DLMS/COSEM wrapper: meters", "IEC 62056-47",
     R"(\0\x10\0\x01\xc0\x01\xc1)"},
    {"synchrophasor", "c37.118", R"(u16be,magic=\xaa,lead=1,adjust=-4)",
     "synchrophasors; the checksum is in the payload", "IEEE C37.118.2, 6.2",
     R"(A\0<\0\0\0\0\0\0\0\0\0\x01\0\0)"},
    {"mavlink", "mavlink2", R"(u8,magic=\xfd,adjust=10)",
     "MAVLink 2, unsigned; the checksum is in the payload", "mavlink.io, Packet Serialization",
     R"(\0\0\0\x01\x01\0\0\0\0\0\0\0\x02\x03Q\x04\x03\xe7\x1e)"},
    {"mavlink1", "", R"(u8,magic=\xfe,adjust=6)", "MAVLink 1; the checksum is in the payload",
     "mavlink.io, Packet Serialization", R"(N\x01\x01\0\0\0\0\0\x02\x03Q\x04\x03\x1c\x7f)"},
    {"ros", "tcpros", "u32le", "ROS 1", "ROS, TCPROS", R"(\t\0\0\0callerid=)"},
    {"nmea", "ais gps", "line,eol=crlf", "NMEA 0183 and other lines of receivers",
     "NMEA 0183, 5.3", "$GPGLL,4916.45,N,12311.12,W,225444,A*31", true},
    {"rtcm", "ntrip", R"(u16be,magic=\xd3,mask=03ff,adjust=3)",
     "RTCM 3; the checksum is in the payload", "RTCM 10403.3, 4",
     R"(>\xd7\xd3\x02\x02\x98\x0e\xde\xef4\xb4\xbdb\xac\tA\x98o36\x0b\x98)", true},
    {"ubx", "u-blox", R"(u16le,magic=\xb5\x62,lead=2,adjust=2)",
     "u-blox receivers; the checksum is in the payload", "u-blox, UBX", R"(\x01\x07\0\0\n1)"},
    {"teltonika", "", R"(u32be,magic=\0\0\0\0,adjust=4,first=u16be,reply=fixed:4\,first=fixed:1)",
     "Teltonika trackers: IMEI, then records", "Teltonika, Codec 8",
     R"(\x08\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\xab\xcd)"},
    {"gt06", "", "u8,magic=xx,adjust=2", "GT06 trackers: the short frames", "Concox GT06", ""},
    {"trackers", "", "delimiter:#,or=;,or=)", "trackers that end messages with a character",
     "Traccar", "*HQ,1,V1,000000,V,0000.0000,N,00000.0000,E,0.00,0,010100,FFFFFFFF"},
    {"visca", "", R"(delimiter:\xff)", "cameras", "Sony VISCA", R"(\x81\x01\x04\0\x02)"},
    {"pjlink", "", R"(delimiter:\r)", "projectors", "PJLink class 1", "%1POWR ?"},
    {"eiscp", "onkyo", R"(u32be,magic=ISCP\0\0\0\x10,adjust=4)", "Onkyo receivers", "eISCP packet",
     R"(\x01\0\0\0!1PWR01\r\n)"},
    {"scte104", "", "u16be,lead=2,adjust=-4", "SCTE-104: insertion of advertisements",
     "SCTE 104, 8.2.2", R"(\0\x03\0\0\0\0\0\0\0\0\0)"},
    {"kasa", "tp-link", "u32be", "TP-Link's plugs; the payload is obfuscated", "softScheck",
     R"(\xd0\xf2\x81\xf8)"},
    {"castv2", "chromecast", "u32be", "Chromecast (inside TLS)", "cast_framer.cc",
     R"(\x08\0\x12)"},
    {"tak", "cot", R"(varint,magic=\xbf)", "TAK: positions", "TAK Protocol 1", R"(\n\0)"},
});

}  // namespace framewire::presets
