#pragma once

#include "framewire/codec/framing_table.hpp"

#include <array>

namespace framewire::presets {

/// Web, files, security, networks.
inline constexpr auto networks = std::to_array<framing_preset>({
    {"http2", "h2", R"(u24be,adjust=6,first=fixed:24,reply=u24be\,adjust=6)",
     "HTTP/2 frames; the client begins with 24 bytes", "RFC 9113, 3.4 and 4.1",
     R"(\x04\0\0\0\0\0)"},
    {"tls", "ssl", "u16be,lead=3", "TLS records: type and version lead the payload",
     "RFC 8446, 5.1", R"(\x16\x03\x01\x0e\0\0\0\0)"},
    {"dns", "", "u16be", "DNS over TCP and TLS", "RFC 1035, 4.2.2; RFC 7766, 8",
     R"(\x124\x01\0\0\x01\0\0\0\0\0\0\x07example\x03com\0\0\x01\0\x01)"},
    {"kerberos", "", "u32be", "Kerberos over TCP", "RFC 4120, 7.2.2", R"(j\x050\x03\xa1\x01\x05)"},
    {"ldap", "active-directory", "ber", "LDAP", "RFC 4511, 5.1",
     R"(0\x0c\x02\x01\x01`\x07\x02\x01\x03\x04\0\x80\0)"},
    {"diameter", "", R"(u24be,magic=\x01,adjust=-4)", "Diameter", "RFC 6733, 3",
     R"(\x80\0\x01\x18\0\0\0\0\0\0\0\x01\0\0\0\x02)"},
    {"radius", "radsec", "u16be,lead=2,adjust=-4", "RADIUS over TCP and TLS", "RFC 6613, 2.1",
     R"(\x01\x07\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x01)"
     R"(\x07alice)"},
    {"tacacs", "tacacs+", "u32be,lead=8", "TACACS+", "RFC 8907, 4.1",
     R"(\xc1\x01\x01\x01\0\0\x124abcd)"},
    {"smb", "smb2 cifs", R"(u24be,magic=\0)", "SMB 2 and 3, direct TCP", "MS-SMB2 2.1",
     R"(\xfeSMB@\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0)"
     R"(\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0)"},
    {"netbios", "", "u24be,lead=1", "NetBIOS session service", "RFC 1002, 4.3.1",
     R"(\0\xfeSMB@\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0)"
     R"(\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0)"},
    {"9p", "", "u32le,adjust=-4", "9P2000: Plan 9, WSL2, virtio", "Plan 9, intro(5)",
     R"(d\xff\xff\0 \0\0\x08\09P2000.L)"},
    {"afp", "dsi", "u32be,lead=8,adjust=4", "AFP over DSI", "Apple Filing Protocol",
     R"(\0\x04\0\x01\0\0\0\0\0\0\0\0\x01\x04\0\0\x04\0)"},
    {"rsync", "", "u24le,adjust=1",
     "rsync's multiplexed frames, after the lines and the handshake", "rsync, io.c",
     R"(\x07hello)"},
    {"adb-transport", "", "u32le,lead=12,adjust=8", "ADB between server and device",
     "adb, protocol.txt", R"(CNXN\0\0\0\x01\0\x10\0\02\x02\0\0\xbc\xb1\xa7\xb1host::\0)"},
    {"usbmuxd", "", "u32le,adjust=-4", "usbmuxd: iPhones over USB", "usbmuxd-proto.h",
     R"(\x01\0\0\0\x08\0\0\0\x01\0\0\0<plist>)"},
    {"apple-afc", "afc", "u64le,magic=CFA6LPAA,adjust=-16", "Apple File Conduit",
     "libimobiledevice, afc.h", R"((\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x03\0\0\0\0\0\0\0)"},
    {"bgp", "",
     R"(u16be,magic=\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff,adjust=-18)",
     "BGP-4", "RFC 4271, 4.1", R"(\x01\x04\xfd\xe9\0\xb4\n\0\0\x01\0)"},
    {"bmp", "", R"(u32be,magic=\x03,adjust=-5)", "BGP Monitoring Protocol", "RFC 7854, 4.1",
     R"(\x04\0\x02\0\0)"},
    {"ldp", "", R"(u16be,magic=\0\x01)", "Label Distribution Protocol", "RFC 5036, 3.1",
     R"(\n\0\0\x01\0\0\x02\x01\0\x04\0\0\0\x01)"},
    {"openflow", "", "u16be,lead=2,adjust=-4", "OpenFlow", "OpenFlow 1.3, A.1",
     R"(\x04\0\0\0\0\x01)"},
    {"pcep", "", "u16be,lead=2,adjust=-4", "PCEP", "RFC 5440, 6.1", R"( \x02)"},
    {"rpki-rtr", "rtr", "u32be,lead=4,adjust=-8", "RPKI to Router", "RFC 8210, 5.1",
     R"(\x01\x02\0\0)"},
    {"msdp", "", "u16be,lead=1,adjust=-3", "Multicast Source Discovery", "RFC 3618, 12",
     R"(\x04)"},
    {"ipfix", "netflow", R"(u16be,magic=\0\n,adjust=-4)", "IPFIX over TCP", "RFC 7011, 3.1",
     R"(\0\0\0\0\0\0\0\0\0\0\0\0)"},
    {"cops", "", "u32be,lead=4,adjust=-8", "COPS", "RFC 2748, 2.1", R"(\x10\t\0\x01)"},
    {"netconf", "netconf10", "delimiter:]]>]]>", "NETCONF 1.0; netconf11 is 1.1", "RFC 6242, 4.3",
     "<hello/>"},
    {"openvpn", "", "u16be", "OpenVPN over TCP", "OpenVPN, Network protocol",
     R"(8\x01\x01\x01\x01\x01\x01\x01\x01\0\0\0\0\0)"},
    {"cstp", "anyconnect openconnect", R"(u16be,magic=STF\x01,adjust=2)",
     "AnyConnect, openconnect (inside TLS)", "draft-mavrogiannopoulos-openconnect", R"(\0\0abc)"},
    {"ike", "ipsec", R"(u16be,adjust=-2,first=fixed:6,reply=u16be\,adjust=-2)",
     "IKE and ESP over TCP, after IKETCP", "RFC 9329, 3", R"(\0\0\0\0\x01\x02)"},
    {"pptp", "", "u16be,adjust=-2", "PPTP's control connection", "RFC 2637, 2.1",
     R"(\0\x01\x1a+<M\0\x04\0\0\x01\0\0\0)"},
    {"dhcp-failover", "", "u16be,adjust=-2", "ISC DHCP's failover", "draft-ietf-dhc-failover-12",
     R"(\x05\x0c\0\0\0\0\0\0\0\x01)"},
    {"xot", "", R"(u16be,magic=\0\0)", "X.25 over TCP", "RFC 1613, 3.2", R"(\x10\x01\x0b)"},
    {"tpkt", "s7 mms h323 rdp iso-on-tcp", R"(u16be,magic=\x03\x00,adjust=-4)",
     "ISO transport on TCP: Siemens S7, IEC 61850 MMS, H.323, RDP", "RFC 1006, 6",
     R"(\x06\xe0\0\0\0\x01\0)"},
});

}  // namespace framewire::presets
