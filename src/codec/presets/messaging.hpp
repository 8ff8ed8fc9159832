#pragma once

#include "framewire/codec/framing_table.hpp"

#include <array>

namespace framewire::presets {

/// Messaging and streaming.
inline constexpr auto messaging = std::to_array<framing_preset>({
    {"rabbitmq", "amqp091 amqp",
     R"(u32be,lead=3,end=\xce,first=fixed:8,reply=u32be\,lead=3\,end=\\xce)",
     "RabbitMQ: AMQP 0-9-1, after the header of 8 bytes", "AMQP 0-9-1, 4.2.3",
     R"(\x01\0\0\0\n\0\x1f\0)", false, R"(AMQP\0\0\x09\x01)"},
    {"amqp10", "servicebus qpid",
     R"(u32be,adjust=-4,first=fixed:8,reply=u32be\,adjust=-4\,first=fixed:8)",
     "AMQP 1.0: each side begins with 8 bytes", "AMQP 1.0, part 2, 2.3", R"(\x02\0\0\0)", false,
     R"(AMQP\0\x01\0\0)"},
    {"mqtt", "mosquitto", "varint:4,lead=1",
     "MQTT 3 and 5: the payload begins with type and flags", "MQTT 5.0, 2.1.4",
     R"(\x10\0\x04MQTT\x05\x02\0<\0\0\x02c1)"},
    {"nng", "nanomsg", "u64be,first=fixed:8", "nanomsg and NNG; each side begins with 8 bytes",
     "SP TCP mapping", "hello", false, R"(\0SP\0\0\x10\0\0)"},
    {"pulsar", "", "u32be", "Apache Pulsar", "Pulsar binary protocol",
     R"(\0\0\0\t\x08\x02\x12\x05hello)"},
    {"openwire", "activemq", "u32be", "ActiveMQ's OpenWire", "OpenWire version 2",
     R"(\x01ActiveMQ\0\0\0\x0c)"},
    {"rocketmq", "", "u32be", "Apache RocketMQ", "RemotingCommand.java",
     R"(\0\0\0\x12{"code":34,"v":12})"},
    {"gearman", "", R"(u32be,magic=\0REQ,lead=4,reply=u32be\,magic=\\0RES\,lead=4)",
     "Gearman: requests and responses", "gearman.org/protocol", R"(\0\0\0\x07reverse\0\0test)"},
    {"nsq", "", "u32be", "what nsqd sends", "NSQ, TCP Protocol Spec", R"(\0\0\0\0OK)"},
    {"stomp", "",
     R"(content-length,start=line,eol=any,blanks=any,missing=end,end=\0,fields=keep,skip=\r\n)",
     "STOMP: header and body; heart-beats are passed over", "STOMP 1.2",
     R"(CONNECT\naccept-version:1.2\nhost:h\n\n)"},
    {"ibm-mq", "", R"(u32be,magic=TSH\x20,adjust=-8)", "IBM MQ's channels", "packet-mq.c",
     R"(\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01)"
     R"(\x01)"},
    {"ims", "", "u32be,adjust=-4", "IMS Connect", "IMS Connect, LLLL", "*SAMPLE*"},
    {"sap", "", "u32be", "SAP NI: DIAG, RFC, router", "SAPNI.py", R"(NI_PING\0)"},
    {"as400", "", "u32be,adjust=-4", "the host servers of IBM i", "JTOpen, DataStream.java",
     R"(\0\0\xe0\t\0\0\0\0\0\0\0\0\0\0\0\0)"},
});

}  // namespace framewire::presets
