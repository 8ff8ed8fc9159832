"""nats-server of Debian, alone or as a cluster on loopback, and a client that speaks its protocol:
what a stream holds is read by what is not ours.
"""
import base64
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
import unittest
from contextlib import closing
from pathlib import Path

sys.path += [str(Path(__file__).resolve().parents[1] / folder) for folder in ("interop", "cli")]

from command_line import CommandTest  # noqa: E402
from programs import HOST, TIMEOUT, Program, free_port  # noqa: E402

PROGRAM = shutil.which("nats-server", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


class NatsError(Exception):
    """An answer of the server that says no."""


class NatsClient:
    """A connection that makes requests, and receives messages as (subject, headers, payload)."""

    def __init__(self, port, timeout=TIMEOUT):
        self.sock = socket.create_connection((HOST, port), timeout)
        self.file = self.sock.makefile("rb")
        self.info = json.loads(self.file.readline().split(b" ", 1)[1])
        self.inbox = f"_INBOX.test{os.getpid()}.{id(self)}"
        options = {"verbose": False, "headers": True, "no_responders": True}
        self.write(f"CONNECT {json.dumps(options)}\r\nSUB {self.inbox}.> 1\r\n")

    def close(self):
        self.file.close()
        self.sock.close()

    def write(self, text, data=b""):
        self.sock.sendall(text.encode() + data)

    def subscribe(self, subject):
        self.write(f"SUB {subject} 2\r\nPING\r\n")
        while self.file.readline().strip() != b"PONG":
            pass

    def publish(self, subject, payload, reply=""):
        self.write(f"PUB {subject} {reply} {len(payload)}\r\n", payload + b"\r\n")

    def publish_with(self, subject, headers, payload):
        """Waits until the stream has it."""
        head = ("NATS/1.0\r\n" + "".join(f"{key}: {value}\r\n" for key, value in headers.items())
                + "\r\n").encode()
        self.write(f"HPUB {subject} {self.inbox}.stored {len(head)} {len(head) + len(payload)}\r\n",
                   head + payload + b"\r\n")
        return json.loads(self.next()[2])

    def next(self):
        while True:
            words = self.file.readline().decode().split()
            if not words:
                raise EOFError("the server has ended the connection")
            if words[0] == "PING":
                self.write("PONG\r\n")
            elif words[0] == "-ERR":
                raise NatsError(" ".join(words))
            elif words[0] in ("MSG", "HMSG"):
                data = self.file.read(int(words[-1]) + 2)[:-2]
                head = int(words[-2]) if words[0] == "HMSG" else 0
                lines = data[:head].decode().split("\r\n")
                headers = dict(line.split(": ", 1) for line in lines if ": " in line)
                headers["status"] = lines[0].removeprefix("NATS/1.0").strip() if head else ""
                return words[1], headers, data[head:]

    def request(self, subject, **fields):
        self.publish(f"$JS.API.{subject}", json.dumps(fields).encode(), f"{self.inbox}.answer")
        _, headers, payload = self.next()
        if headers["status"]:
            raise NatsError(headers["status"])
        answer = json.loads(payload)
        if "error" in answer:
            raise NatsError(answer["error"]["description"])
        return answer

    def make_stream(self, name, **fields):
        self.request(f"STREAM.CREATE.{name}", **{
            "name": name, "subjects": [f"{name}.>"], "storage": "file", "discard": "new",
            "retention": "limits", "duplicate_window": 120_000_000_000, **fields})

    def stream(self, name):
        return self.request(f"STREAM.INFO.{name}")

    def messages(self, name):
        """All that the stream has, as (headers, payload). A consumer of its own would be faster,
        but the cluster may make it where no node is any more."""
        found = []
        state = self.stream(name)["state"]
        for sequence in range(state["first_seq"], state["last_seq"] + 1):
            one = self.request(f"STREAM.MSG.GET.{name}", seq=sequence)["message"]
            lines = base64.b64decode(one.get("hdrs", "")).decode().split("\r\n")
            found.append((dict(line.split(": ", 1) for line in lines if ": " in line),
                          base64.b64decode(one.get("data", ""))))
        return found


class NatsServer:
    """A node, whose files outlive its process. `routes` are the ports of its cluster."""

    def __init__(self, test, number=0, cluster_ports=()):
        self.test = test
        self.port = free_port()
        self.folder = tempfile.TemporaryDirectory()
        test.addCleanup(self.folder.cleanup)
        text = (f'listen: "{HOST}:{self.port}"\nserver_name: n{number}\n'
                f'jetstream {{ store_dir: "{self.folder.name}" }}\n')
        if cluster_ports:
            routes = ", ".join(f'"nats://{HOST}:{port}"' for port in cluster_ports)
            text += (f'cluster {{ name: test, listen: "{HOST}:{cluster_ports[number]}", '
                     f'routes: [{routes}] }}\n')
        self.settings = Path(self.folder.name) / "settings"
        self.settings.write_text(text)
        self.program = None

    def start(self):
        self.program = Program(self.test, [PROGRAM, "-c", self.settings])
        return self

    def signal(self, number):
        os.kill(self.program.child.pid, number)

    def kill(self):
        self.signal(signal.SIGKILL)
        self.program.child.wait()

    def ask(self, subject, **fields):
        """The answer, once there is one; what has no leader says nothing."""
        def attempt():
            with closing(NatsClient(self.port, timeout=1.0)) as client:
                return client.request(subject, **fields)
        return eventually(self.test, attempt, self.program)


def eventually(test, attempt, program=None):
    """What `attempt` returns once it neither fails nor returns something false."""
    deadline = time.monotonic() + TIMEOUT
    while True:
        try:
            if found := attempt():
                return found
            why = "it has not come"
        except (OSError, EOFError, NatsError, ValueError) as error:
            why = repr(error)
        if time.monotonic() > deadline:
            test.fail(f"{why}\n{program.report() if program else ''}")
        time.sleep(0.02)


@unittest.skipUnless(PROGRAM, "nats-server is not installed")
class NatsTest(CommandTest):
    """Base of tests with a stream ORDERS."""

    def nats(self):
        server = NatsServer(self).start()
        self.client(server)
        return server

    def client(self, server):
        server.ask("INFO")
        client = NatsClient(server.port)
        self.addCleanup(client.close)
        return client

    def cluster(self):
        """Three nodes, once they have a leader."""
        ports = [free_port() for _ in range(3)]
        nodes = [NatsServer(self, number, ports).start() for number in range(3)]
        for node in nodes:
            node.ask("STREAM.LIST")
        return nodes

    def outbox(self):
        return f"{self.folder()}/outbox.db"

    def serve_to(self, servers, *options, file=None, more=()):
        """A server of ours that forwards to them; its `outbox` is the file."""
        hosts = ",".join(f"{HOST}:{server.port}" for server in servers)
        file = file or self.outbox()
        spec = ",".join([f"store:nats://{hosts}/ORDERS", f"file={file}", "ack=+{offset}",
                         *options])
        server = self.server("-f", "line", "--service", spec, *more)
        server.outbox = file
        return server

    def send_lines(self, server, lines):
        """The acknowledgements, up to the end of the connection."""
        sock = self.connect_to(server.port)
        sock.sendall("".join(f"{line}\n" for line in lines).encode())
        sock.shutdown(socket.SHUT_WR)
        data = b""
        try:
            while part := sock.recv(1 << 16):
                data += part
        except ConnectionResetError:
            pass
        return data.decode().splitlines()

    def in_stream(self, server, count):
        """The payloads in the stream once there are so many, each of them once."""
        eventually(self, lambda: server.ask("STREAM.INFO.ORDERS")["state"]["messages"] >= count,
                   server.program)
        found = eventually(self, lambda: self.client(server).messages("ORDERS"), server.program)
        names = [headers["Framewire-Message"] for headers, _ in found]
        self.assertEqual(len(names), len(set(names)), "a message is there twice")
        return [payload.decode() for _, payload in found]
