#include "marks.hpp"

#include "pattern.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

namespace framewire {
namespace {

// Who sends payloads that begin so. Patterns of one preset and end are alternatives.
enum class whose : std::uint8_t { clients, servers, both, clients_first, servers_first };
using enum whose;

struct mark {
    std::string_view preset;
    whose from;
    std::string_view pattern;
};

constexpr auto binary_marks = std::to_array<mark>({
    {"postgresql", clients_first, R"(\0\x03\0[\0\x01\x02])"},
    {"postgresql", clients_first, R"(\x04\xd2\x16[\x2e-\x30])"},
    {"postgresql", clients, "[QPBDESXHCFdcfp]"},
    {"postgresql", servers, "[RSKZTDCENAn123IVGHWtcdv]"},
    {"mysql", servers_first, R"(\0\x0a[3-9].)"},
    {"mysql", clients_first, R"(\x01)"},
    {"mysql", clients, R"(\0[\x01-\x1f])"},
    {"mysql", servers, R"([\x01-\x40])"},
    {"mongodb", both, R"(????????[\xd1-\xde]\x07\0\0)"},
    {"mongodb", servers, R"(????????\x01\0\0\0)"},
    {"cassandra", clients, R"([\x03-\x05][\0-\x0f]??[\x01-\x10])"},
    {"cassandra", servers, R"([\x83-\x85][\0-\x0f]??[\0-\x10])"},
    {"kafka", clients, R"(\0[\0-\x5c]\0[\0-\x14])"},
    {"zookeeper", clients_first, R"(\0\0\0\0\0\0\0\0????)"},
    {"zookeeper", clients, R"(\0\0??\0\0\0[\x01-\x16])"},
    {"sqlserver", both, R"([\x01-\x04\x06\x07\x0e-\x12][\0-\x0f]??\0)"},
    {"memcached-binary", clients, R"(\x80[\0-\x50])"},
    {"memcached-binary", servers, R"(\x81[\0-\x50])"},
    {"rabbitmq", clients_first, R"(AMQP\0\0\x09\x01)"},
    {"rabbitmq", both, R"([\x01-\x03\x08][\0-\x0f])"},
    {"amqp10", clients_first, R"(AMQP[\0\x03]\x01\0\0)"},
    {"amqp10", servers_first, R"(AMQP[\0\x03]\x01\0\0)"},
    {"amqp10", both, R"(\x02[\0\x01])"},
    {"mqtt", clients_first, R"(\x10\0\x04MQTT)"},
    {"mqtt", clients_first, R"(\x10\0\x06MQIsdp)"},
    {"mqtt", servers_first, R"(\x20[\0\x01])"},
    {"mqtt", both, R"([\x10\x20\x30-\x3d\x40\x50\x62\x70\x82\x90\xa2\xb0\xc0\xd0\xe0\xf0])"},
    {"nng", clients_first, R"(\0SP\0\0)"},
    {"nng", servers_first, R"(\0SP\0\0)"},
    {"pulsar", both, R"(\0\0??\x08)"},
    {"openwire", both, R"(\x01ActiveMQ)"},
    {"rocketmq", both, R"(?\0??{")"},
    {"nsq", servers, R"(\0\0\0[\0-\x02])"},
    {"graphite-pickle", clients, R"(\x80[\x02-\x05])"},
    {"agentx", both, R"(\x01[\x01-\x12])"},
    {"nrpe", both, R"(\0[\x02-\x04]\0[\x01\x02])"},
    {"snmp", both, R"(0[\x0a-\x7f]\x02\x01[\0\x01\x03]\x04)"},
    {"snmp", both, R"(0\x82??\x02\x01[\0\x01\x03]\x04)"},
    {"ldap", both, R"(0[\x05-\x7f]\x02[\x01-\x04])"},
    {"ldap", both, R"(0\x84????\x02[\x01-\x04])"},
    {"ldap", both, R"(0\x81?\x02[\x01-\x04])"},
    {"ldap", both, R"(0\x82??\x02[\x01-\x04])"},
    {"oncrpc", clients, R"(????\0\0\0\0\0\0\0\x02)"},
    {"oncrpc", servers, R"(????\0\0\0\x01\0\0\0[\0\x01])"},
    {"thrift", both, R"(\x80\x01\0[\x01-\x04])"},
    {"docker", servers, R"([\0-\x02]\0\0\0)"},
    {"jdwp", clients_first, "JDWP-Handshake"},
    {"jdwp", servers_first, "JDWP-Handshake"},
    {"http2", clients_first, R"(PRI \* HTTP/2)"},
    {"http2", both, R"([\0-\x09]?[\0-\x7f])"},
    {"tls", both, R"([\x14-\x17]\x03[\0-\x04])"},
    {"dns", clients, R"(??[\0-\x07]?\0\x01\0\0)"},
    {"dns", servers, R"(??[\x80-\x87]?\0\x01)"},
    {"kerberos", both, R"([\x6a-\x6f\x7e][\x81\x82])"},
    {"kerberos", both, R"([\x6a-\x6f\x7e]?0)"},
    {"radius", both, R"([\x01-\x05\x0b-\x0d\x28-\x2d])"},
    {"tacacs", both, R"([\xc0\xc1][\x01-\x03])"},
    {"smb", both, R"([\xfd-\xff]SMB)"},
    {"netbios", both, R"(\0[\xfe\xff]SMB)"},
    {"netbios", both, R"([\x81-\x83])"},
    {"9p", both, R"([\x06-\x7f]??)"},
    {"afp", both, R"([\0\x01][\x01-\x08]??)"},
    {"adb-transport", both, "[A-Z][A-Z][A-Z][A-Z]"},
    {"bgp", both, R"([\x01-\x05])"},
    {"openflow", both, R"([\x01-\x06][\0-\x23])"},
    {"pcep", both, R"(\x20[\x01-\x0d])"},
    {"rpki-rtr", both, R"([\0-\x02][\0-\x0a])"},
    {"cops", both, R"([\x10\x11][\x01-\x0a])"},
    {"openvpn", both, R"([\x20\x28\x30\x38\x40\x48\x50])"},
    {"pptp", both, R"(\0\x01\x1a\x2b\x3c\x4d)"},
    {"tpkt", both, R"(?[\xd0\xe0\xf0])"},
    {"smpp", both, R"([\0\x80]\0[\0\x01][\0-\x15]\0\0)"},
    {"m3ua", both, R"(\x01\0[\0-\x09])"},
    {"stun", both, R"([\0\x01][\x01-\x1f]\x21\x12\xa4\x42)"},
    {"skinny", both, R"([\0-\x16]\0\0\0)"},
    {"mumble", both, R"(\0[\0-\x1a])"},
    {"modbus", both, R"(??\0\0?[\x01-\x2b\x81-\xab])"},
    {"opcua", both, "[HAOMCE][ECPSLR][LKNGOR][FCA]"},
    {"enip", both, R"([\x04\x63-\x66\x6f\x70]\0)"},
    {"hart-ip", both, R"(\x01[\0-\x02][\0-\x04]\0)"},
    {"someip", both, R"(????????\x01[\x01-\x10])"},
    {"ros", both, R"(?\0\0\0[a-z])"},
    {"dicom", both, R"([\x01-\x07]\0)"},
    {"bitcoin", both, "[a-z][a-z]"},
    {"libp2p", both, "/"},
    {"bittorrent", clients_first, R"(\x13BitTorrent)"},
    {"bittorrent", servers_first, R"(\x13BitTorrent)"},
    {"bittorrent", both, R"([\0-\x14])"},
    {"rcon", both, R"(????[\0\x02\x03]\0\0\0)"},
    {"hadoop", clients_first, "hrpc"},
    {"erlang-packet4", both, R"([\x83p])"},
    {"soupbintcp", clients, "[LURO]"},
    {"soupbintcp", servers, R"([ASJHZ+])"},
    {"fluentd", clients, R"([\x92-\x94][\xa0-\xbf\xd9])"},
});

constexpr auto text_marks = std::to_array<mark>({
    {"memcached", clients, "get"},
    {"memcached", clients, "set "},
    {"memcached", clients, "add "},
    {"memcached", clients, "delete "},
    {"memcached", clients, "incr "},
    {"memcached", clients, "stats"},
    {"memcached", servers, "VALUE "},
    {"memcached", servers, R"(END\r)"},
    {"memcached", servers, R"(STORED\r)"},
    {"memcached", servers, "STAT "},
    {"beanstalkd", clients, "put "},
    {"beanstalkd", clients, "reserve"},
    {"beanstalkd", clients, "delete "},
    {"beanstalkd", clients, "watch "},
    {"beanstalkd", clients, "use "},
    {"beanstalkd", servers, "INSERTED "},
    {"beanstalkd", servers, "RESERVED "},
    {"beanstalkd", servers, "USING "},
    {"beanstalkd", servers, "WATCHING "},
    {"beanstalkd", servers, "DELETED"},
    {"stomp", clients, "CONNECT"},
    {"stomp", clients, "STOMP"},
    {"stomp", clients, "SEND"},
    {"stomp", clients, "SUBSCRIBE"},
    {"stomp", clients, "DISCONNECT"},
    {"stomp", servers, "CONNECTED"},
    {"stomp", servers, "MESSAGE"},
    {"stomp", servers, "RECEIPT"},
    {"stomp", servers, "ERROR"},
    {"sap", both, "NI_"},
    {"syslog", clients, "<[0-9]>"},
    {"syslog", clients, "<[1-9][0-9]>"},
    {"syslog", clients, "<1[0-9][0-9]>"},
    {"syslog-octet", clients, "<[0-9]>"},
    {"syslog-octet", clients, "<[1-9][0-9]>"},
    {"syslog-octet", clients, "<1[0-9][0-9]>"},
    {"syslog-lf", clients, "<[0-9]>"},
    {"syslog-lf", clients, "<[1-9][0-9]>"},
    {"syslog-lf", clients, "<1[0-9][0-9]>"},
    {"gelf", clients, R"({")"},
    {"icinga2", both, R"({")"},
    {"signalr", both, R"({")"},
    {"lsp", both, R"({")"},
    {"mcp", both, R"({"jsonrpc)"},
    {"ndjson", both, R"({")"},
    {"stratum", both, R"({")"},
    {"native-messaging", both, R"({")"},
    {"firefox", both, R"({")"},
    {"firefox", both, R"(\[)"},
    {"dbgp-engine", clients, "<"},
    {"http", clients, "GET /"},
    {"http", clients, "POST /"},
    {"http", clients, "PUT /"},
    {"http", clients, "HEAD /"},
    {"http", clients, "DELETE /"},
    {"http", clients, "OPTIONS "},
    {"http", servers, "HTTP/1.[01] "},
    {"sip", both, "SIP/2.0 "},
    {"sip", both, "[A-Z][A-Z][A-Z][A-Z][A-Z][A-Z] sip"},
    {"sip", both, "REGISTER sip"},
    {"sip", both, "OPTIONS sip"},
    {"sip", both, "ACK sip"},
    {"sip", both, "BYE sip"},
    {"rtsp", both, "RTSP/1.0 "},
    {"rtsp", clients, "OPTIONS rtsp"},
    {"rtsp", clients, "OPTIONS * RTSP"},
    {"rtsp", clients, "DESCRIBE rtsp"},
    {"rtsp", clients, "SETUP rtsp"},
    {"rtsp", clients, "PLAY rtsp"},
    {"rtsp", both, "$"},
    {"spamd", clients, "[A-Z][A-Z][A-Z][A-Z]"},
    {"spamd", servers, "SPAMD/"},
    {"freeswitch", both, "Content-"},
    {"ami", clients, "Action: "},
    {"ami", servers, "Response: "},
    {"ami", servers, "Event: "},
    {"irc", both, "NICK "},
    {"irc", both, "USER "},
    {"irc", both, "PING "},
    {"irc", both, "PRIVMSG "},
    {"irc", servers, ":"},
    {"smtp", clients, "EHLO "},
    {"smtp", clients, "HELO "},
    {"smtp", clients, "MAIL FROM"},
    {"smtp", clients, "RCPT TO"},
    {"smtp", servers, "[2-5][0-9][0-9][ \\-]"},
    {"ftp", clients, "USER "},
    {"ftp", clients, "PASS "},
    {"ftp", servers, "[1-5][0-9][0-9][ \\-]"},
    {"pop3", servers, "+OK"},
    {"nmea", both, "[$!][A-Z][A-Z]"},
    {"netconf", both, "<"},
    {"git", both, "git-"},
    {"git", both, "want "},
    {"git", both, "have "},
    {"git", both, "[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]"},
    {"adb", clients, "host"},
    {"adb", servers, "OKAY"},
    {"ucp", both, "[0-9][0-9]/"},
    {"osc", both, "/"},
    {"mllp", both, "MSH|"},
    {"mllp", both, "[FB]HS|"},
    {"astm", both, "[0-7][HPORLCQM]|"},
    {"iso8583-ascii4", both, "[0-2][1-8][0-9][0-9]"},
    {"iso8583-bin2", both, "[0-2][1-8][0-9][0-9]"},
    {"iso8583-bin4", both, "[0-2][1-8][0-9][0-9]"},
    {"iso8583-hex4", both, "[0-2][1-8][0-9][0-9]"},
    {"iso8583-bcd2", both, "[0-2][1-8][0-9][0-9]"},
    {"iso8583-bin2-self", both, "[0-2][1-8][0-9][0-9]"},
    {"base24", both, "ISO"},
    {"atalla", both, "<"},
    {"whois", clients, "[a-z0-9][a-z0-9]"},
});

bool applies(whose from, seen_from end, bool is_first) noexcept {
    switch (from) {
        case clients: return end == seen_from::client;
        case servers: return end == seen_from::server;
        case both: return true;
        case clients_first: return is_first && end == seen_from::client;
        case servers_first: return is_first && end == seen_from::server;
    }
    return false;
}

struct comparison {
    bool is_known = false;
    std::optional<double> bits{};
};

void compare(std::span<const mark> table, std::string_view preset, seen_from end, bool is_first,
             bytes head, const surprise& expected, comparison& to) {
    for (const auto& one : table) {
        if (one.preset != preset || !applies(one.from, end, is_first)) continue;
        to.is_known = true;
        const auto bits = match_pattern(one.pattern, head, expected);
        if (bits && (!to.bits || *bits > *to.bits)) to.bits = bits;
    }
}

struct usual_port {
    std::uint16_t port;
    std::string_view preset;
};

constexpr auto ports = std::to_array<usual_port>({
    {21, "ftp"},
    {25, "smtp"},
    {43, "whois"},
    {49, "tacacs"},
    {53, "dns"},
    {80, "http"},
    {88, "kerberos"},
    {102, "tpkt"},
    {104, "dicom"},
    {110, "pop3"},
    {111, "oncrpc"},
    {119, "pop3"},
    {139, "netbios"},
    {161, "snmp"},
    {179, "bgp"},
    {323, "rpki-rtr"},
    {389, "ldap"},
    {443, "tls"},
    {445, "smb"},
    {502, "modbus"},
    {514, "syslog"},
    {514, "syslog-lf"},
    {514, "syslog-octet"},
    {554, "rtsp"},
    {564, "9p"},
    {587, "smtp"},
    {601, "syslog"},
    {601, "syslog-octet"},
    {646, "ldp"},
    {705, "agentx"},
    {830, "netconf"},
    {853, "dns"},
    {1433, "sqlserver"},
    {1521, "oracle"},
    {1723, "pptp"},
    {1883, "mqtt"},
    {2000, "skinny"},
    {2003, "graphite"},
    {2004, "graphite-pickle"},
    {2049, "oncrpc"},
    {2083, "radius"},
    {2181, "zookeeper"},
    {2404, "iec104"},
    {2575, "mllp"},
    {2775, "smpp"},
    {3268, "ldap"},
    {3306, "mysql"},
    {3389, "tpkt"},
    {3478, "stun"},
    {3868, "diameter"},
    {4189, "pcep"},
    {4222, "nats"},
    {4730, "gearman"},
    {4840, "opcua"},
    {5037, "adb"},
    {5038, "ami"},
    {5060, "sip"},
    {5432, "postgresql"},
    {5665, "icinga2"},
    {5666, "nrpe"},
    {5672, "rabbitmq"},
    {5672, "amqp10"},
    {6379, "redis"},
    {6514, "syslog"},
    {6514, "syslog-octet"},
    {6633, "openflow"},
    {6650, "pulsar"},
    {6653, "openflow"},
    {6667, "irc"},
    {6881, "bittorrent"},
    {8021, "freeswitch"},
    {8080, "http"},
    {8125, "statsd"},
    {8333, "bitcoin"},
    {9042, "cassandra"},
    {9090, "thrift"},
    {9092, "kafka"},
    {9418, "git"},
    {10050, "zabbix"},
    {10051, "zabbix"},
    {11112, "dicom"},
    {11211, "memcached"},
    {11300, "beanstalkd"},
    {12201, "gelf"},
    {24224, "fluentd"},
    {25565, "minecraft"},
    {25575, "rcon"},
    {27017, "mongodb"},
    {44818, "enip"},
    {61613, "stomp"},
    {61616, "openwire"},
    {64738, "mumble"},
});

}  // namespace

std::optional<double> compare_marks(std::string_view preset, seen_from end, const stream_cut& cut,
                                    bool begins_midway, const surprise& expected) {
    // Each message that is another's makes it unlikely; that all begin alike is one fact.
    constexpr double of_another = -6;
    constexpr double most = 48;
    std::optional<double> sum;
    bool is_first = !begins_midway;
    for (const auto& frame : cut.frames) {
        if (frame.payload_head.empty()) continue;
        comparison found;
        compare(binary_marks, preset, end, is_first, frame.payload_head, expected, found);
        compare(text_marks, preset, end, is_first, frame.payload_head, expected, found);
        is_first = false;
        if (found.is_known) sum = sum.value_or(0) + found.bits.value_or(of_another);
    }
    if (sum) sum = std::clamp(*sum, -most, most);
    return sum;
}

bool is_usual_port(std::string_view preset, std::uint16_t port) noexcept {
    return std::ranges::any_of(
        ports, [&](const usual_port& one) { return one.port == port && one.preset == preset; });
}

}  // namespace framewire
