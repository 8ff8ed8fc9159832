"""What the tests with real programs stand on: servers and clients that people run, with
frame_relay.cpp between them, which decodes and encodes every frame and must change no byte.
"""
import ctypes
import os
import re
import shutil
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from foreign_peers import ForeignTest, needed
from programs import HERE, HOST, TIMEOUT, Program, free_port

RELAY = Path(os.environ.get("FRAMEWIRE_RELAY",
                            HERE.parents[1] / "build/dev/tests/frame_relay")).resolve()
RELAYED = re.compile(r"client (\d+) (\d+), server (\d+) (\d+)")
ROOT = os.geteuid() == 0
POSTGRES = "/usr/lib/postgresql/15/bin"

NGINX = """
daemon off; master_process off; pid {folder}/pid; error_log stderr;
events {{ worker_connections 64; }}
http {{
    access_log off; client_body_temp_path {folder}; proxy_temp_path {folder};
    fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};
    server {{
        listen {host}:{port} {protocol};
        gzip on; gzip_types *; gzip_min_length 1000;
        location / {{ root {folder}/files; }}
        location /take {{ client_max_body_size 10m; return 200 "taken\\n"; }}
    }}
}}
"""
NGINX_LINES = "".join(f"line {number}\n" for number in range(40_000))


class FrameRelay(Program):

    def __init__(self, test, spec, port, *words):
        super().__init__(test, [RELAY, spec, HOST, str(port), *words])
        self.wait_for_lines(1)
        self.port = int(self.lines()[0].split()[1])

    def relayed(self, connections=1):
        """The frames of the clients and those of the server, once so many connections have ended
        in which not a byte was changed.
        """
        self.wait_for_lines(1 + connections)
        frames = [0, 0]
        for line in self.lines()[1:]:
            counted = RELAYED.fullmatch(line)
            if not counted:
                self.test.fail(self.report())
            for side in (0, 1):
                frames[side] += int(counted[1 + 2 * side])
        return frames


class RealTest(ForeignTest):

    def folder(self):
        folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        return folder

    def serve_real(self, make_command):
        """Starts a server with the command that `make_command(port)` returns, on a free port."""
        port = free_port()
        program = self.start(make_command(port))
        program.port = port
        wait_until_listening(program)
        return program

    def relay_frames(self, spec, server, *words):
        """Words as frame_relay.cpp describes them."""
        return FrameRelay(self, spec, server.port, *words)

    def ask(self, *command, typed="", **environment):
        """What a client has printed, having succeeded."""
        done = subprocess.run([str(word) for word in command], input=typed.encode(),
                              capture_output=True, timeout=TIMEOUT, check=False,
                              env={**os.environ, "LC_ALL": "C", **environment})
        self.assertEqual(0, done.returncode, (done.stdout + done.stderr).decode(errors="replace"))
        return done.stdout.decode(errors="replace")

    def assert_frames(self, relay, clients, servers, connections=1):
        """That at least so many frames of each direction have passed, unchanged."""
        from_clients, from_servers = relay.relayed(connections)
        self.assertGreaterEqual(from_clients, clients, relay.report())
        self.assertGreaterEqual(from_servers, servers, relay.report())


def wait_until_listening(program):
    """Without a connection, which a server might take for a client."""
    deadline = time.monotonic() + TIMEOUT
    while not is_listening(program.port):
        if program.child.poll() is not None or time.monotonic() > deadline:
            program.test.fail(f"nobody listens on {program.port}\n{program.report()}")
        time.sleep(0.01)


def is_listening(port):
    entry = re.compile(f":{port:04X} 0+:0000 0A ")
    return any(entry.search(Path("/proc/net", name).read_text()) for name in ("tcp", "tcp6"))


def unprivileged(folder, *command):
    """For servers that root may not start: `folder` becomes their own."""
    if not ROOT:
        return command
    shutil.chown(folder, "nobody")
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *command]


def needed_library(name):
    """For programs of ours that need it. As `needed` says of programs."""
    try:
        ctypes.CDLL(name)
    except OSError:
        if os.environ.get("FRAMEWIRE_SKIP_INSTALL") != "1":
            raise
        raise unittest.SkipTest(f"there is no {name}") from None


def memcached(test):
    program = needed("memcached")
    user = ["-u", "nobody"] if ROOT else []
    return test.serve_real(lambda port: [program, "-l", HOST, "-p", str(port), "-U", "0", *user])


def postgres(test, folder):
    """With its data in `folder`, which it makes if there is none."""
    needed("psql")
    initdb = needed(f"{POSTGRES}/initdb")
    if not (folder / "data").exists():
        test.ask(*unprivileged(folder, initdb, "-D", folder / "data", "-U", "postgres", "-A",
                               "trust", "--no-sync", "--no-instructions", "-E", "UTF8"))
    return test.serve_real(lambda port: unprivileged(
        folder, f"{POSTGRES}/postgres", "-D", folder / "data", "-h", HOST, "-p", str(port), "-k",
        folder, "-F"))


def nginx(test, protocol=""):
    """Serves two files, and takes what is sent to /take."""
    program, folder = needed("nginx"), test.folder()
    (folder / "files").mkdir()
    (folder / "files" / "short").write_text("short\n")
    (folder / "files" / "lines").write_text(NGINX_LINES)

    def command(port):
        (folder / "conf").write_text(NGINX.format(folder=folder, host=HOST, port=port,
                                                  protocol=protocol))
        return [program, "-p", folder, "-e", "stderr", "-c", folder / "conf"]
    return test.serve_real(command)


def receive_until(sock, end):
    """What a server sends, up to these last bytes."""
    received = b""
    while not received.endswith(end):
        part = sock.recv(1 << 16)
        if not part:
            raise EOFError(f"the server left after {received!r}")
        received += part
    return received
