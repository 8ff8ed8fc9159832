"""The peers: what each is, what it needs, how it is built and started. `{out}` stands for the
folder of what is built, `{source}` for bench/peers, `{root}` for the project.
"""
from dataclasses import dataclass, replace

NETTY_PARTS = ("buffer", "codec", "common", "handler", "resolver", "transport")
NETTY_JARS = tuple(f"/usr/share/java/netty-{part}.jar" for part in NETTY_PARTS)
REGISTRY = "/usr/share/cargo/registry"
C = ("/usr/bin/gcc", "-std=gnu17", "-O2", "-Wall", "-Wextra", "-o", "{out}/{name}",
     "{source}/{name}.c")
CPP = ("/usr/bin/g++", "-std=c++20", "-O2", "-Wall", "-Wextra", "-o", "{out}/{name}",
       "{source}/{name}.cpp", "-lssl", "-lcrypto")
JAVAC = ("/usr/bin/javac", "-d", "{out}/netty", "-cp", ":".join(NETTY_JARS),
         "{source}/Netty.java")
GO = ("/usr/bin/go", "build", "-o", "{out}/go", "{source}/go/main.go")
# The manifest is built where it was copied to: Cargo writes a lock file beside it.
CARGO = ("/usr/bin/cargo", "build", "--quiet", "--release", "--offline",
         "--manifest-path", "{out}/tokio/Cargo.toml",
         "--config", 'source.crates-io.replace-with="debian"',
         "--config", f'source.debian.directory="{REGISTRY}"')


@dataclass(frozen=True)
class Peer:
    name: str
    reads: str                 # what it does for each read
    sources: tuple = ()        # in bench/peers; what is built is as new as these
    needs: tuple = ()          # (file, the Debian package that brings it or nothing)
    build: tuple = ()
    program: str = ""          # what the build makes
    command: tuple = ()        # how it is started; the port 0 is appended, or is in it as `{port}`
    framing: str = "digits:10"
    packages: tuple = ()       # whose versions are its versions
    tls: bool = False


def c_peer(name, reads, header=None, packages=(), libraries=()):
    needs = (("/usr/bin/gcc", "gcc"),) + ((header,) if header else ())
    return Peer(name, reads, (f"{name}.c",), needs, (*C, *libraries), "{out}/{name}",
                ("{out}/{name}",), packages=packages)


def asio_peer(name, reads):
    needs = (("/usr/bin/g++", "g++"), ("/usr/include/boost/asio.hpp", "libboost1.81-dev"),
             ("/usr/include/openssl/ssl.h", "libssl-dev"))
    return Peer(name, reads, (f"{name}.cpp",), needs, CPP, "{out}/{name}", ("{out}/{name}",),
                packages=("libboost1.81-dev",))


FRAMEWIRE = Peer(
    "framewire", "one read, all frames in it, one write; limits, deadlines, statistics",
    needs=(("{root}/build/release/framewire", ""),),
    command=("{root}/build/release/framewire", "serve", "--framing", "digits:10", "--quiet",
             "--max-per-address", "10000"))
FLOOR = c_peer("floor", "one `recv` of up to 64 KiB, headers checked in place, one `send`")
LOAD = c_peer("load", "")
# With another framing than all others speak: the floor and our server alone.
WITH_U32BE = (
    replace(FLOOR, framing="u32be", command=(*FLOOR.command, "u32be")),
    replace(FRAMEWIRE, framing="u32be", command=tuple(
        "u32be" if word == FRAMEWIRE.framing else word for word in FRAMEWIRE.command)),
)

PEERS = (
    FLOOR, FRAMEWIRE,
    asio_peer("asio_one_read",
              "one `async_read_some` of up to 64 KiB, all frames in it, one `async_write`"),
    asio_peer("asio_two_reads",
              "`async_read` of a header, `async_read` of a body, `async_write` of both"),
    c_peer("libuv", "up to 64 KiB into memory allocated for it, one `uv_write` of its frames",
           ("/usr/include/uv.h", "libuv1-dev"), ("libuv1-dev",), ("-luv",)),
    c_peer("libevent", "what a bufferevent takes (4 KiB); frames move to its output uncopied",
           ("/usr/include/event2/bufferevent.h", "libevent-dev"), ("libevent-dev",),
           ("-levent_core",)),
    Peer("tokio", "what its buffer has room for (8 KiB at first); frames taken, encoded, forwarded;"
         " speaks `u32be`", ("tokio/Cargo.toml", "tokio/src/main.rs"),
         (("/usr/bin/cargo", "cargo"), ("/usr/bin/rustc", "rustc"),
          (f"{REGISTRY}/tokio-util-0.7.3", "librust-tokio-util-dev"),
          (f"{REGISTRY}/futures-util-0.3.21", "librust-futures-util-dev")),
         CARGO, "{out}/tokio/target/release/tokio-peer",
         ("{out}/tokio/target/release/tokio-peer",), "u32be",
         ("librust-tokio-dev", "librust-tokio-util-dev", "rustc")),
    Peer("go", "up to 64 KiB into a `bufio.Reader`; frames copied, flushed before it may wait",
         ("go/main.go",), (("/usr/bin/go", "golang-go"),), GO, "{out}/go", ("{out}/go",),
         packages=("golang-go",)),
    Peer("netty", "what its allocator guesses; frames are slices of it, flushed together",
         ("Netty.java",), (("/usr/bin/javac", "default-jdk-headless"),
                           *((jar, "libnetty-java") for jar in NETTY_JARS)),
         JAVAC, "{out}/netty/Netty.class",
         ("/usr/bin/java", "-Djava.net.preferIPv4Stack=true", "-cp",
          ":".join(("{out}/netty", *NETTY_JARS)), "Netty"),
         packages=("libnetty-java", "openjdk-17-jre-headless")),
    Peer("asyncio", "`readexactly` of a header, `readexactly` of a body, write and drain",
         needs=(("/usr/bin/python3", "python3"),),
         command=("/usr/bin/python3", "-B", "{source}/asyncio_peer.py"), packages=("python3",)),
)

BEHIND = "{behind}"  # the port of the floor behind a proxy
PROXIES = (
    replace(c_peer("splice", "nothing: `splice` through a pipe, both ways"),
            command=("{out}/{name}", BEHIND)),
    replace(FRAMEWIRE, reads="finds all frames in it; one write; limits, deadlines, statistics",
            command=("{root}/build/release/framewire", "proxy", "digits:10", "{port}",
                     f"127.0.0.1:{BEHIND}", "--quiet", "--max-per-address", "10000")),
    Peer("haproxy", "TCP mode, one thread, as it comes",
         needs=(("/usr/bin/python3", "python3"), ("/usr/sbin/haproxy", "haproxy")),
         command=("/usr/bin/python3", "-B", "{source}/haproxy.py", "{out}", BEHIND),
         packages=("haproxy",)),
)


def over_tls(name, *words):
    """That peer with these words before the port, which make it speak TLS."""
    peer = next(one for one in PEERS if one.name == name)
    return replace(peer, command=(*peer.command, *words), tls=True)


CERTIFICATE, KEY = "{out}/tls/localhost.pem", "{out}/tls/localhost.key"
NGINX = Peer(
    "nginx", "as its stream module does, then the floor behind it on the same core",
    needs=(("/usr/sbin/nginx", "nginx"),
           ("/usr/lib/nginx/modules/ngx_stream_module.so", "libnginx-mod-stream")),
    command=("/usr/bin/python3", "-B", "{source}/nginx.py", "{out}/floor", CERTIFICATE, KEY),
    packages=("nginx",), tls=True)
# The floor is plain: its rate is what TLS is paid from.
WITH_TLS = (
    FLOOR, over_tls("framewire", "--tls-cert", CERTIFICATE, "--tls-key", KEY),
    over_tls("asio_one_read", CERTIFICATE, KEY), over_tls("go", CERTIFICATE, KEY), NGINX)

# Beside our store: what each is asked to do for an acknowledgement.
DURABLE = (
    Peer("framewire", "`store:FILE`: a transaction of SQLite for all that waits",
         needs=(("{root}/build/release/framewire", ""),)),
    Peer("redis", "`XADD` with `appendfsync always`, by `redis-benchmark`",
         needs=(("/usr/bin/redis-server", "redis-server"),
                ("/usr/bin/redis-benchmark", "redis-tools"))),
    c_peer("sqlite_batches", "SQLite by hand, without a network: as many messages a transaction",
           ("/usr/include/sqlite3.h", "libsqlite3-dev"),
           libraries=("-lsqlite3",)),
    c_peer("jetstream", "JetStream's PubAck, which comes *before* anything is flushed",
           ("/usr/include/nats/nats.h", "libnats-dev"), libraries=("-lnats", "-lpthread")),
    Peer("postgresql", "`INSERT`, all in flight in one, by `pgbench`",
         needs=(("/usr/lib/postgresql/15/bin/postgres", "postgresql"),
                ("/usr/bin/pgbench", "postgresql"))),
)
