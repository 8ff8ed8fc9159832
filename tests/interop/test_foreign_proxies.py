"""The PROXY protocol with the implementations of others: HAProxy and nginx before our server, and
HAProxy behind our client.
"""
import json
import re
import shutil
import socket
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from foreign_peers import ForeignTest, OurServer, needed
from programs import BINARY, HOST, TIMEOUT, free_port

HAPROXY = """
defaults
    mode tcp
    timeout connect 5s
    timeout client 30s
    timeout server 30s
{listeners}
"""
LISTENER = """
listen {name}
    bind {host}:{port} {bind}
    server ours {host}:{behind} {options}
"""
NGINX = """
load_module /usr/lib/nginx/modules/ngx_stream_module.so;
daemon off; master_process off; pid {folder}/pid; error_log stderr;
events {{ worker_connections 64; }}
stream {{ server {{ listen {host}:{port}; proxy_pass {host}:{behind}; proxy_protocol on; }} }}
"""
KINDS = {"v1": "send-proxy", "v2": "send-proxy-v2",
         "values": "send-proxy-v2 proxy-v2-options crc32c,unique-id,authority"}


class Proxies(ForeignTest):

    def serving(self, *options):
        """An echo of lines that notes where its peers are."""
        return OurServer(self, "line", "--json", "--proxy-protocol", "required", "--trust", HOST,
                         *options)

    def folder(self):
        folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, folder)
        return folder

    def haproxy(self, *listeners):
        """Runs it with listeners, each with the text behind `bind` and that behind `server`."""
        haproxy, ports = needed("haproxy"), [free_port() for _ in listeners]
        text = "".join(LISTENER.format(name=f"number{i}", host=HOST, port=ports[i], bind=bind,
                                       behind=behind, options=options)
                       for i, (bind, behind, options) in enumerate(listeners))
        file = self.folder() / "haproxy.cfg"
        file.write_text(HAPROXY.format(listeners=text))
        program = self.start([haproxy, "-db", "-f", file])
        for port in ports:
            self.wait_until_listening(program, port)
        return ports

    def wait_until_listening(self, program, port):
        """Without a connection, which would be passed on."""
        entry = f" 0100007F:{port:04X} 00000000:0000 0A "
        deadline = time.monotonic() + TIMEOUT
        while entry not in Path("/proc/net/tcp").read_text():
            if program.child.poll() is not None or time.monotonic() > deadline:
                self.fail(program.report())
            time.sleep(0.01)

    def exchange(self, port):
        """Our address there, after an echo."""
        with socket.create_connection((HOST, port), TIMEOUT) as sock:
            sock.sendall(b"Hello\n")
            self.assertEqual(b"Hello\n", sock.recv(64))
            return "%s:%d" % sock.getsockname()

    def assert_seen(self, server, address):
        def is_seen():
            lines = bytes(server.out).rpartition(b"\n")[0].splitlines()
            events = [json.loads(line) for line in lines if line.startswith(b"{")]
            return any(event.get("from") == address for event in events)
        server.wait_until(f"the peer {address}", is_seen)

    def test_behind_haproxy(self):
        server = self.serving()
        ports = self.haproxy(*(("", server.port, options) for options in KINDS.values()))
        for kind, port in zip(KINDS, ports):
            with self.subTest(kind):
                self.assert_seen(server, self.exchange(port))

    def test_health_checks_of_haproxy(self):
        """They announce nobody, and the server stays up for its clients."""
        server = self.serving("--deny", "192.0.2.0/24")
        port, = self.haproxy(("", server.port, "send-proxy-v2 check inter 50ms rise 1 fall 1"))
        server.wait_until("two checks", lambda: server.out.count(b'"connected"') >= 2)
        self.assert_seen(server, self.exchange(port))
        self.assertNotIn(b'"error"', bytes(server.out))

    def test_before_haproxy(self):
        server = self.serving()
        port, = self.haproxy(("accept-proxy", server.port, "send-proxy-v2"))
        for i, version in enumerate(("v1", "v2")):
            source = f"192.0.2.7:{51000 + i}"
            done = subprocess.run([BINARY, "send", "line", f"{HOST}:{port}", "Hello",
                                   "--send-proxy", version, "--proxy-source", source],
                                  capture_output=True, timeout=TIMEOUT, check=True)
            self.assertEqual(b"Hello\n", done.stdout)
            self.assert_seen(server, source)

    def test_behind_nginx(self):
        nginx = shutil.which("/usr/sbin/nginx")
        if not nginx or not Path("/usr/lib/nginx/modules/ngx_stream_module.so").exists():
            self.skipTest("there is no nginx with the module stream")
        server, port, folder = self.serving(), free_port(), self.folder()
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder, host=HOST, port=port,
                                                        behind=server.port))
        self.wait_until_listening(
            self.start([nginx, "-p", folder, "-e", "stderr", "-c", folder / "nginx.conf"]), port)
        self.assert_seen(server, self.exchange(port))

    def test_a_client_that_is_no_proxy(self):
        """What it gets wrong is in the log, with a name."""
        server = OurServer(self, "line", "--quiet", "--proxy-protocol", "required", "--trust", HOST,
                           "--deny", "192.0.2.0/24")
        for sent, name in ((b"Hello\n", b"proxy.missing"),
                           (b"PROXY TCP4 1.1.1.1 1.1.1.1 1 x\r\n", b"proxy.syntax"),
                           (b"PROXY TCP4 192.0.2.7 1.1.1.1 1 1\r\n", b"limit.denied")):
            with socket.create_connection((HOST, server.port), TIMEOUT) as sock:
                sock.sendall(sent)
                self.assertEqual(b"", sock.recv(64))
            server.wait_until(name, lambda name=name: re.search(name, server.err))


if __name__ == "__main__":
    unittest.main()
