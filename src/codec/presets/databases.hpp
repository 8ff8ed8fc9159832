#pragma once

#include "framewire/codec/framing_table.hpp"

#include <array>

namespace framewire::presets {

/// Databases.
inline constexpr auto databases = std::to_array<framing_preset>({
    {"postgresql", "postgres pgsql",
     R"(u32be,lead=1,adjust=-4,first=u32be\,adjust=-4,reply=u32be\,lead=1\,adjust=-4)",
     "PostgreSQL: the type is the payload's first byte; the first message has none",
     "PostgreSQL documentation, 55.7", R"(QSELECT 1\0)", false, R"(\0\x03\0\0user\0alice\0\0)"},
    {"mysql", "mariadb", "u24le,adjust=1,join=full",
     "MySQL and MariaDB: the payload begins with the sequence id; a full frame is joined with the "
     "next",
     "MySQL protocol, Protocol Basics", R"(\0\x03SELECT 1)"},
    {"mysql-compressed", "", "u24le,adjust=4",
     "MySQL, --compress: sequence id and size before compression lead the payload",
     "MySQL protocol, Compression", R"(\0\0\0\0\t\0\0\0\x03SELECT 1)"},
    {"mongodb", "mongo documentdb ferretdb", "u32le,adjust=-4", "MongoDB: OP_MSG and others",
     "MongoDB wire protocol, Standard Message Header",
     R"(\x01\0\0\0\0\0\0\0\xdd\x07\0\0\0\0\0\0\0\x1e\0\0\0\x10ping\0\x01\0\0\0\x02$d)"
     R"(b\0\x06\0\0\0admin\0\0)"},
    {"redis", "valkey keydb", "resp", "Redis, Valkey: one RESP value each way",
     "RESP specification", R"(*2\r\n$3\r\nGET\r\n$1\r\na\r\n)"},
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
    {"oracle", "tns",
     R"(u32be,adjust=-4,first=u16be\,adjust=-2,reply=u32be\,adjust=-4\,first=u16be\\\,adjust=-2)",
     "Oracle Net: CONNECT and ACCEPT have two bytes of length, the rest four (version 315 and "
     "later)",
     "packet-tns.c", R"(\x06\0\0\0\0\0\x11i)", false, R"(\0\0\x01\0\0\0\x01;)"},
    {"drda", "db2 derby", "u16be,mask=7fff,more=8000,adjust=-2",
     "DB2, Derby: DDM segments, continued ones joined", "DRDA version 5, volume 3",
     R"(\xd0\x01\0\x01\0\n\x10A\0\x06\x11G\xd8\xc4)"},
    {"elasticsearch", "opensearch", "u32be,magic=ES,idle=4294967295",
     "Elasticsearch, OpenSearch between nodes; a ping is idle", "TcpHeader.java",
     R"(\0\0\0\0\0\0\0\0\x01\x08\0\0c)"},
    {"memcached-binary", "couchbase", "u32be,lead=8,adjust=12",
     "memcached's binary protocol, Couchbase", "BinaryProtocolRevamped",
     R"(\x80\0\0\x05\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0Hello)"},
    {"tarantool", "", R"(u32be,magic=\xce,reply=u32be\,magic=\\xce\,first=fixed:128)",
     "Tarantool; the server greets with 128 bytes", "Tarantool, Client-server protocol",
     R"(\x82\0@\x01\x01)"},
    {"rethinkdb", "",
     R"(u32le,lead=8,first=u32le\,lead=4\,adjust=4,reply=u32le\,lead=8\,first=delimiter:\\0)",
     "RethinkDB, with the handshake V0_4", "RethinkDB, Writing drivers",
     R"(\x01\0\0\0\0\0\0\0[1,[39,[]],{}])", false, R"( -\x0c@\xc7pi~)"},
    {"aerospike", "", R"(u48be,magic=\x02,lead=1)", "Aerospike: info and messages", "as_proto.h",
     R"(\x01build\n)"},
    {"riak", "", "u32be", "Riak, protocol buffers", "Riak, Protocol Buffers Client API",
     R"(\x01)"},
    {"voltdb", "", "u32be", "VoltDB", "VoltDB wire protocol", R"(\x01abcde)"},
    {"arangodb", "", R"(u32le,adjust=-4,first=fixed:11,reply=u32le\,adjust=-4)",
     "ArangoDB's chunks, after VST/1.1", "VelocyStream 1.1",
     R"(\x03\0\0\0\x01\0\0\0\0\0\0\0\x03\0\0\0\0\0\0\0abc)", false, R"(VST/1.1\r\n\r\n)"},
    {"sphinx", "manticore", "u32be,lead=4,first=fixed:4", "Sphinx, Manticore: searchd",
     "sphinxapi.php", R"(\0\0\x01\x19\0\0\0\x01q)", false, R"(\0\0\0\x01)"},
    {"hazelcast", "", R"(u32le,adjust=-4,first=fixed:3,reply=u32le\,adjust=-4)",
     "Hazelcast's frames, after CP2", "Open Binary Client Protocol 2", R"(\0\xc0\x01\x02\x03\x04)",
     false, "CP2"},
    {"ignite", "", "u32le", "Apache Ignite's thin clients", "Ignite, Binary Client Protocol",
     R"(\x01\x01\0\x07\0\0\0\x02)"},
    {"bolt", "neo4j memgraph", R"(chunks:u16be,first=fixed:20,reply=chunks:u16be\,first=fixed:4)",
     "Neo4j, Memgraph: messages of chunks, after the handshake", "neo4j.com/docs/bolt",
     R"(\xb0\x0f)", false, R"(``\xb0\x17\0\0\x04\x05\0\0\0\0\0\0\0\0\0\0\0\0)"},
});

}  // namespace framewire::presets
