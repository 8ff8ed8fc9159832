#pragma once

#include "framewire/codec/framing_table.hpp"

#include <array>

namespace framewire::presets {

/// Databases.
inline constexpr auto databases = std::to_array<framing_preset>({
    {"mysql", "mariadb", "u24le,adjust=1",
     "MySQL and MariaDB: the payload begins with the sequence id",
     "MySQL protocol, Protocol Basics", R"(\0\x03SELECT 1)"},
    {"mysql-compressed", "", "u24le,adjust=4",
     "MySQL, --compress: sequence id and size before compression lead the payload",
     "MySQL protocol, Compression", R"(\0\0\0\0\t\0\0\0\x03SELECT 1)"},
    {"mongodb", "mongo documentdb ferretdb", "u32le,adjust=-4", "MongoDB: OP_MSG and others",
     "MongoDB wire protocol, Standard Message Header",
     R"(\x01\0\0\0\0\0\0\0\xdd\x07\0\0\0\0\0\0\0\x1e\0\0\0\x10ping\0\x01\0\0\0\x02$d)"
     R"(b\0\x06\0\0\0admin\0\0)"},
    {"redis-cluster", "", "u32be,magic=RCmb,adjust=-8", "the bus of Redis Cluster",
     "redis, cluster_legacy.h", R"(\0\x01\x1bXxxxxxxxxxxxxxxxxxxxx)"},
    {"cassandra", "cql scylladb", "u32be,lead=5", "Cassandra, ScyllaDB: CQL up to version 4",
     "native_protocol_v4.spec, 2", R"(\x04\0\0\x01\x05)"},
    {"kafka", "redpanda", "u32be", "Apache Kafka's requests and responses", "Kafka protocol guide",
     R"(\0\x12\0\0\0\0\0\x07\0\x04test)"},
    {"zookeeper", "", "u32be", "ZooKeeper, ClickHouse Keeper", "zookeeper-jute",
     R"(\0\0\0\0\0\0\0\0\0\0\0\0\0\0u0\0\0\0\0\0\0\0\0\0\0\0\x10\0\0\0\0\0\0\0\0\0\0)"
     R"(\0\0\0\0\0\0\0)"},
    {"sqlserver", "tds mssql", "u16be,lead=2,adjust=-4", "SQL Server, Sybase: TDS packets",
     "MS-TDS 2.2.3.1", R"(\x01\x01\0\0\x01\0S\0E\0L\0 \01\0)"},
    {"memcached-binary", "couchbase", "u32be,lead=8,adjust=12",
     "memcached's binary protocol, Couchbase", "BinaryProtocolRevamped",
     R"(\x80\0\0\x05\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0Hello)"},
    {"riak", "", "u32be", "Riak, protocol buffers", "Riak, Protocol Buffers Client API",
     R"(\x01)"},
    {"voltdb", "", "u32be", "VoltDB", "VoltDB wire protocol", R"(\x01abcde)"},
    {"ignite", "", "u32le", "Apache Ignite's thin clients", "Ignite, Binary Client Protocol",
     R"(\x01\x01\0\x07\0\0\0\x02)"},
});

}  // namespace framewire::presets
