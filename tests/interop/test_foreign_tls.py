"""TLS with the implementations of others, at both ends: OpenSSL, GnuTLS, Python, Go, Java, and
nginx between a plain end and one of ours.
"""
import contextlib
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import unittest
from pathlib import Path

from certificates import Certificates
from foreign_peers import FOREIGN, ForeignTest, OurServer, needed
from programs import BINARY, HOST, TIMEOUT, free_port

LINES = b"Hello\n" + b"x" * 40_000 + b"\n" + "héllo\n".encode()
# What `openssl s_server` reverses at once.
SHORT = b"Hello\n" + b"0123456789" * 900 + b"\n"
ALICE = b"CN=alice"
NGINX = """
load_module /usr/lib/nginx/modules/ngx_stream_module.so;
daemon off; master_process off; pid {folder}/pid; error_log stderr;
events {{ worker_connections 64; }}
stream {{
    server {{
        listen 127.0.0.1:{secure} ssl;
        ssl_certificate {certificate}; ssl_certificate_key {key};
        proxy_pass 127.0.0.1:{plain_behind};
    }}
    server {{
        listen 127.0.0.1:{plain};
        proxy_pass 127.0.0.1:{secure_behind};
        proxy_ssl on; proxy_ssl_verify on; proxy_ssl_trusted_certificate {ca};
        proxy_ssl_name localhost; proxy_ssl_server_name on;
        proxy_ssl_certificate {client}; proxy_ssl_certificate_key {client_key};
    }}
}}
"""


def there(program):
    """For one that is not installed for the tests. Skips the test where it is missing."""
    path = shutil.which(program)
    if not path:
        raise unittest.SkipTest(f"there is no {program}")
    return path


class TlsTest(ForeignTest):

    @classmethod
    def setUpClass(cls):
        cls.certificates = Certificates()
        cls.addClassCleanup(cls.certificates.remove)

    def serving(self, *words):
        """An echo of lines, which verifies the certificates of its clients."""
        return OurServer(self, "line", "--service", "echo", "--json",
                         *self.certificates.shown(), *words)

    def verifying(self, *words):
        return self.serving("--tls-client-ca", self.certificates.ca, *words)

    def sent(self, port, lines=LINES):
        """What our client gets for the lines, having succeeded."""
        client = self.start([BINARY, "send", f"localhost:{port}", "--framing", "line",
                             *self.certificates.trusted(), *self.certificates.shown("alice")])
        client.feed(lines.decode())
        self.assertEqual(0, client.finish(), client.report())
        return bytes(client.out)

    def assert_echoed(self, command, server=None):
        """To a client of others, which ends with its input."""
        client = self.start(command)
        client.feed(LINES.decode(), last=False)
        client.wait_until("the echo", lambda: LINES in client.out)
        client.child.stdin.close()
        self.assertEqual(0, client.finish(), client.report())
        if server:
            server.wait_until("its end", lambda: b'"reason":"peer"' in server.out)

    def listening(self, command, words):
        server = self.start(command)
        server.wait_until("listening", lambda: words in server.out + server.err)
        return server


class OpenSsl(TlsTest):

    def client(self, server, *words):
        certificate, key = self.certificates.pair("alice")
        return [needed("openssl"), "s_client", "-quiet", "-no_ign_eof", "-connect",
                f"{HOST}:{server.port}", "-servername", "localhost", "-verify_hostname",
                "localhost", "-verify_return_error", "-CAfile", self.certificates.ca, "-cert",
                certificate, "-key", key, *words]

    def test_our_server(self):
        for words in ((), ("-tls1_2",), ("-tls1_3",), ("-tls1_2", "-cipher", "CHACHA20"),
                      ("-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"), ("-groups", "P-384"),
                      ("-max_send_frag", "512")):
            with self.subTest(words):
                server = self.verifying()
                self.assert_echoed(self.client(server, *words), server)
                self.assertIn(ALICE, server.out)
                self.assert_no_complaints(server)

    def test_ciphers_that_do_not_authenticate(self):
        server = self.verifying()
        for words in (("-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA256:AES128-SHA"),
                      ("-tls1_1", "-cipher", "ALL:@SECLEVEL=0")):
            with self.subTest(words):
                done = subprocess.run(self.client(server, *words), input=b"Hello\n", check=False,
                                      capture_output=True, timeout=TIMEOUT)
                self.assertNotEqual(0, done.returncode)
                self.assertNotIn(b"Hello", done.stdout)
        server.wait_until("the log", lambda: b"tls.handshake" in server.err)

    def test_nobody_renegotiates(self):
        server = self.verifying()
        client = self.talkative(server, "-tls1_2")
        client.feed("R\n", last=False)
        self.assertNotEqual(0, client.finish(), client.report())
        self.assertIn(b"no renegotiation", client.err)

    def talkative(self, server, *words):
        """A client that says what it has agreed on, and obeys letters."""
        client = self.start([word for word in self.client(server, *words)
                             if word not in ("-quiet", "-no_ign_eof")])
        client.wait_until("a session", lambda: b"Verify return code" in client.out)
        return client

    def test_a_ticket_resumes_a_session_and_its_subject(self):
        for version in ("-tls1_2", "-tls1_3"):
            with self.subTest(version):
                server = self.verifying()
                ticket = Path(self.file_with(b""))
                self.assert_echoed(self.client(server, version, "-sess_out", ticket))
                client = self.talkative(server, version, "-sess_in", ticket)
                self.assertIn(b"Reused, TLS", client.out)
                client.feed("Q\n")
                self.assertEqual(0, client.finish(), client.report())
                server.wait_until("both", lambda: server.out.count(ALICE) == 2)

    def test_early_data_is_not_taken(self):
        server = self.verifying()
        ticket, early = Path(self.file_with(b"")), self.file_with(b"early\n")
        self.assert_echoed(self.client(server, "-sess_out", ticket))
        self.assert_echoed(self.client(server, "-sess_in", ticket, "-early_data", early))
        self.assertNotIn(b"early", server.out)

    def test_our_client(self):
        for words in ((), ("-tls1_2",), ("-tls1_3",)):
            with self.subTest(words):
                port = free_port()
                certificate, key = self.certificates.pair("server")
                server = self.listening(
                    [needed("openssl"), "s_server", "-accept", f"{HOST}:{port}", "-cert",
                     certificate, "-key", key, "-CAfile", self.certificates.ca, "-Verify", "1",
                     "-verify_return_error", "-rev", *words], b"ACCEPT")
                self.assertEqual(b"\n".join(line[::-1] for line in SHORT.split(b"\n")),
                                 self.sent(port, SHORT))
                self.assertIn(b"CN = alice", server.out + server.err)


class GnuTls(TlsTest):

    def test_our_server(self):
        certificate, key = self.certificates.pair("alice")
        for priority in ("NORMAL", "NORMAL:-VERS-ALL:+VERS-TLS1.2"):
            with self.subTest(priority):
                server = self.verifying()
                self.assert_echoed(
                    [needed("gnutls-cli"), "--logfile=/dev/null", f"--priority={priority}",
                     f"--x509cafile={self.certificates.ca}", f"--x509certfile={certificate}",
                     f"--x509keyfile={key}", f"--port={server.port}", "localhost"], server)
                self.assertIn(ALICE, server.out)
                self.assert_no_complaints(server)

    def test_our_client(self):
        port = free_port()
        certificate, key = self.certificates.pair("server")
        self.listening([needed("gnutls-serv"), "--echo", f"--port={port}",
                        f"--x509cafile={self.certificates.ca}",
                        f"--x509certfile={certificate}", f"--x509keyfile={key}",
                        "--require-client-cert"], b"listening on IPv4")
        self.assert_bytes(LINES, self.sent(port))


class Curl(TlsTest):

    def test_our_server(self):
        server = OurServer(self, r"delimiter:\r\n\r\n", "--json", "--service",
                           "reply:HTTP/1.0 200 OK,close", *self.certificates.shown(),
                           "--tls-alpn", "http/1.1")
        client = self.run_client([there("curl"), "--silent", "--show-error", "--cacert",
                                  self.certificates.ca, "--http1.1", "--max-time", str(TIMEOUT),
                                  "--write-out", "%{http_code}",
                                  f"https://localhost:{server.port}/"])
        self.assertEqual(b"200", bytes(client.out).strip())
        self.assertIn(b'"protocol":"http/1.1"', server.out)


class Python(TlsTest):

    def test_our_server(self):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            with self.subTest(version):
                server = self.verifying()
                side = self.certificates.client_side("alice")
                side.minimum_version = side.maximum_version = version
                with side.wrap_socket(socket.create_connection((HOST, server.port), TIMEOUT),
                                      server_hostname="localhost") as sock:
                    sock.sendall(LINES)
                    received = b""
                    while len(received) < len(LINES):
                        received += sock.recv(1 << 16)
                    self.assert_bytes(LINES, received)
                    with contextlib.suppress(ssl.SSLError, OSError):
                        sock.unwrap()
                self.assert_no_complaints(server)

    def test_our_client(self):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            with self.subTest(version):
                side = self.certificates.server_side()
                side.minimum_version = side.maximum_version = version
                server = self.script(lambda sock: self.echo(side, sock))
                self.assert_bytes(LINES, self.sent(server.port))
                server.result()

    @staticmethod
    def echo(side, sock):
        with side.wrap_socket(sock, server_side=True) as secure:
            while data := secure.recv(1 << 16):
                secure.sendall(data)


class Go(TlsTest):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, folder)
        cls.peer = folder / "tls_peer"
        cache = os.environ.get("GOCACHE") or Path(tempfile.gettempdir()) / "framewire-go-cache"
        subprocess.run([there("go"), "build", "-o", cls.peer, FOREIGN / "tls_peer.go"],
                       check=True, env={**os.environ, "GOCACHE": str(cache), "GO111MODULE": "off"})

    def client_command(self, port):
        return [self.peer, "client", port, self.certificates.ca]

    def server_command(self):
        return [self.peer, "server", *self.certificates.pair("server")]

    def test_our_server(self):
        server = self.serving()
        client = self.start(self.client_command(str(server.port)))
        client.feed(LINES.decode())
        self.assertEqual(0, client.finish(), client.report())
        self.assert_bytes(LINES, bytes(client.out))
        self.assert_no_complaints(server)

    def test_our_client(self):
        server = self.start(self.server_command())
        server.wait_for_lines(1)
        self.assert_bytes(LINES, self.sent(int(server.out)))


class Java(Go):

    @classmethod
    def setUpClass(cls):
        TlsTest.setUpClass.__func__(cls)
        cls.java = [there("java"), "-Xshare:auto", "-XX:TieredStopAtLevel=1",
                    FOREIGN / "TlsPeer.java"]

    def client_command(self, port):
        return [*self.java, "client", port, self.certificates.ca]

    def server_command(self):
        both = Path(self.file_with(b""))
        certificate, key = self.certificates.pair("server")
        subprocess.run([needed("openssl"), "pkcs12", "-export", "-in", certificate, "-inkey", key,
                        "-passout", "pass:trying", "-out", both], check=True)
        return [*self.java, "server", both]


class Nginx(TlsTest):

    def test_between_a_plain_end_and_a_secure_one(self):
        nginx = there("/usr/sbin/nginx")
        if not Path("/usr/lib/nginx/modules/ngx_stream_module.so").exists():
            self.skipTest("this nginx has no module stream")
        folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, folder)
        plain_server, secure_server = self.our_server("line"), self.verifying()
        secure, plain = free_port(), free_port()
        certificate, key = self.certificates.pair("server")
        client, client_key = self.certificates.pair("alice")
        (folder / "nginx.conf").write_text(NGINX.format(
            folder=folder, secure=secure, plain=plain, plain_behind=plain_server.port,
            secure_behind=secure_server.port, certificate=certificate, key=key, client=client,
            client_key=client_key, ca=self.certificates.ca))
        self.start([nginx, "-p", folder, "-e", "stderr", "-c", folder / "nginx.conf"])
        self.wait_until_accepted(plain)
        self.assert_bytes(LINES, self.sent(secure))
        done = subprocess.run([BINARY, "send", f"{HOST}:{plain}", "--framing", "line"],
                              input=LINES, capture_output=True, timeout=TIMEOUT, check=True)
        self.assert_bytes(LINES, done.stdout)
        secure_server.wait_until("the subject", lambda: ALICE in secure_server.out)

    @staticmethod
    def wait_until_accepted(port):
        while True:
            with contextlib.suppress(ConnectionRefusedError):
                return socket.create_connection((HOST, port), TIMEOUT).close()


if __name__ == "__main__":
    unittest.main()
