#pragma once

#include "framewire/codec/framing_table.hpp"

#include <array>

namespace framewire::presets {

/// Peer to peer, games, languages.
inline constexpr auto other = std::to_array<framing_preset>({
    {"bitcoin", "litecoin", R"(u32le,magic=\xf9\xbe\xb4\xd9,lead=12,adjust=4)",
     "Bitcoin's main network: the payload begins with the command",
     "Bitcoin wiki, Message structure", R"(verack\0\0\0\0\0\0]\xf6\xe0\xe2)"},
    {"monero", "levin", R"(u64le,magic=\x01\x21\x01\x01\x01\x01\x01\x01,adjust=17)", "Monero",
     "Monero, levin_base.h", R"(\x01\xeb\x03\0\0\0\0\0\0\x01\0\0\0\x01\0\0\0ab)"},
    {"libp2p", "ipfs abci", "varint", "libp2p's multistream, CometBFT's ABCI",
     "libp2p, multistream-select", R"(/multistream/1.0.0\n)"},
    {"noise", "", "u16be", "messages of Noise, as libp2p sends them", "libp2p, noise", "abc"},
    {"bittorrent", "", "u32be,first=fixed:68",
     "BitTorrent between peers; each side begins with 68 bytes", "BEP 3", R"(\x02)", false,
     R"(\x13BitTorrent protocol\0\0\0\0\0\0\0\0)"
     "an infohash of files-TR3000-abcdefghijkl"},
    {"stratum", "electrum", "line", "Stratum (mining), Electrum", "Stratum mining protocol",
     R"({"id":1,"method":"mining.subscribe","params":[]})"},
    {"cardano", "ouroboros", "u16be,lead=6", "Cardano's multiplexer",
     "Shelley Networking Protocol", R"(\0\0\0\x01\0\0\x82\0\xa0)"},
    {"minecraft", "", "varint:3,form=any", "Minecraft, Java edition", "wiki.vg, Packet format",
     R"(\0\xfb\x05\tlocalhostc\xdd)"},
    {"rcon", "source-rcon", "u32le", "Source RCON: games", "Valve, Source RCON",
     R"(\x01\0\0\0\x03\0\0\0abc\0\0)"},
    {"openttd", "", "u16le,adjust=-2", "OpenTTD", "OpenTTD, packet.cpp", R"(\x01)"},
    {"xmlsocket", "smartfox", R"(delimiter:\0)", "Flash XMLSocket, SmartFox",
     "ActionScript 3, XMLSocket", "<msg/>"},
    {"erlang-packet1", "", "u8", "Erlang's {packet, 1}", "inet:setopts", "abc"},
    {"erlang-packet2", "", "u16be", "Erlang's {packet, 2}, the handshake of its distribution",
     "inet:setopts", "abc"},
    {"erlang-packet4", "", "u32be", "Erlang's {packet, 4}, its distribution after the handshake",
     "inet:setopts", "abc"},
    {"bacula", "", "u32be,idle=4294967040-4294967295",
     "Bacula: negative lengths are signals, and idle", "Bacula developer's guide", R"(Hello\n)"},
    {"amanda", "", "u32be,adjust=4", "Amanda", "security-util.c", R"(\0\0\0\x01abc)"},
    {"slimproto", "squeezebox", "u32be,lead=4,reply=u16be", "Squeezebox players",
     "SlimProto TCP protocol", R"(BYE!\0)"},
    {"rtl-tcp", "", "fixed:5", "commands to rtl_tcp", "rtl_tcp.c", R"(\x01\x05\xf5\xe1\0)", true},
    {"hadoop", "", "u32be,first=fixed:7,reply=u32be", "Hadoop's RPC", "Hadoop, Native protocol",
     R"(\x02\x08\x02)", false, R"(hrpc\x09\0\0)"},
});

}  // namespace framewire::presets
