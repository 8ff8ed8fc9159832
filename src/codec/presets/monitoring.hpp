#pragma once

#include "framewire/codec/framing_table.hpp"

#include <array>

namespace framewire::presets {

/// Logs, metrics, monitoring.
inline constexpr auto monitoring = std::to_array<framing_preset>({
    {"syslog", "", "syslog-any",
     "syslog over TCP or TLS: an octet count or a line, as the first byte says", "RFC 6587, 3.4",
     "<13>1 - h a - - - hi", true},
    {"syslog-octet", "", "octet-count", "syslog, each message after its length",
     "RFC 6587, 3.4.1; RFC 5425, 4.3", "<13>1 2026-01-01T00:00", true},
    {"syslog-lf", "", "line", "syslog, each message a line", "RFC 6587, 3.4.2",
     "<13>Oct 11 22:14:15 h su: x", true},
    {"gelf", "graylog", R"(delimiter:\0)", "Graylog's messages over TCP", "Graylog, GELF via TCP",
     R"({"version":"1.1","host":"h","short_message":"x"})", true},
    {"fluentd", "fluent-bit", "msgpack", "Fluentd, Fluent Bit: one MessagePack value each",
     "Forward Protocol v1", R"(\x93\xa3tag\xce_^\x10\0\x81\xa1k\xa1v)"},
    {"ndjson", "jsonl json-lines", "line", "JSON, one text a line", "ndjson.org", R"({"a":1})"},
    {"graphite", "carbon", "line", "Graphite: path, value and time",
     "Graphite, Feeding In Your Data", "local.random 4 1286269260", true},
    {"graphite-pickle", "", "u32be", "Graphite: pickles of many metrics",
     "Graphite, The pickle protocol",
     R"(\x80\x02]q\0X\x03\0\0\0a.bq\x01JL\xe9\xaaLG@\x10\xcc\xcc\xcc\xcc\xcc\xcd\x86)"
     R"(q\x02\x86q\x03a.)",
     true},
    {"statsd", "", "line", "statsd over TCP", "statsd, server.md", "gorets:1|c", true},
    {"influx", "opentsdb", "line", "InfluxDB's line protocol, OpenTSDB's put",
     "InfluxDB line protocol", "cpu,host=a v=1 1556813561098000000", true},
    {"riemann", "", "u32be", "Riemann", "riemann-client, TcpTransport", R"(\x10\x01\x1a\0)"},
    {"zabbix", "", "u32le,magic=ZBXD,lead=1,adjust=4",
     "Zabbix: flags, then the size before compression or 0",
     "Zabbix manual, Header and data length",
     R"(\x01\0\0\0\0{"request":"active checks","host":"h"})"},
    {"nrpe2", "", "fixed:1036", "Nagios NRPE 2", "nrpe, common.h", ""},
    {"nrpe", "", "u32be,lead=12", "Nagios NRPE 3 and 4; the checksum is in the payload",
     "nrpe, common.h", R"(\0\x03\0\x01\xec\xfd\xfb\x9f\0\0\0\0_NRPE_CHECK\0)"},
    {"icinga2", "", "netstring", "Icinga 2: JSON-RPC between nodes",
     "Icinga 2, Technical Concepts", R"({"jsonrpc":"2.0","method":"icinga::Hello","params":{}})"},
    {"snmp", "", "ber", "SNMP over TCP", "RFC 3430, 2",
     R"(0&\x02\x01\x01\x04\x06public\xa0\x19\x02\x01\x01\x02\x01\0\x02\x01\00\x0e0)"
     R"(\x0c\x06\x08+\x06\x01\x02\x01\x01\x01\0\x05\0)"},
    {"agentx", "", "u32be,lead=16", "AgentX: subagents of net-snmp, in network byte order",
     "RFC 2741, 6.1", R"(\x01\x01\x10\0\0\0\0\0\0\0\0\0\0\0\0\x01\x05\0\0\0\0\0\0\0\0\0\0\0)"},
    {"slurm", "", "u32be", "Slurm", "slurm_protocol_socket_implementation.c",
     R"(#\0\0\0\x03\xf0\0\0\0\0\0\0\0\0)"},
    {"htcondor", "", "u32be,lead=1", "HTCondor's CEDAR: the end of a message is the first byte",
     "reli_sock.cpp", R"(\x01abc)"},
});

}  // namespace framewire::presets
