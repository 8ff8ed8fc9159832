"""`trace` and TLS: a captured stream becomes frames (`--keylog`, through tshark), and the page is
served over it.
"""
import http.client
import json
import socket
import threading
import unittest
from pathlib import Path

from command_line import HOST, TIMEOUT, CommandTest
from captures import ACK, FIN, PUSH, SYN, Capture, segment
from certificates import Certificates
from foreign_peers import needed
from walk_pages import FORM, PageTest

CLIENT, SERVER = ("10.1.0.1", 40000), ("10.0.0.1", 7000)


class Recorder:
    """A relay for one connection, which keeps what it passes on: True is the client's."""

    def __init__(self, port):
        self.said = []
        self.lock = threading.Lock()
        self.listener = socket.create_server((HOST, 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, args=(port,), daemon=True)
        self.thread.start()

    def _serve(self, port):
        client, _ = self.listener.accept()
        with client, socket.create_connection((HOST, port), TIMEOUT) as server:
            back = threading.Thread(target=self._pass_on, args=(server, client, False))
            back.start()
            self._pass_on(client, server, True)
            back.join(TIMEOUT)

    def _pass_on(self, reads, writes, is_client):
        while part := reads.recv(1 << 14):
            with self.lock:
                self.said.append((is_client, part))
            writes.sendall(part)
        writes.shutdown(socket.SHUT_WR)

    def finish(self):
        self.thread.join(TIMEOUT)
        self.listener.close()
        return self.said


def write_capture(path, said):
    capture = Capture(path)
    capture.write(segment(CLIENT, SERVER, 0, SYN, b""))
    capture.write(segment(SERVER, CLIENT, 0, SYN | ACK, b""))
    at = {True: 1, False: 1}
    for is_client, data in said:
        ends = (CLIENT, SERVER) if is_client else (SERVER, CLIENT)
        capture.write(segment(*ends, at[is_client], ACK | PUSH, data))
        at[is_client] += len(data)
    capture.write(segment(CLIENT, SERVER, at[True], ACK | FIN, b""))
    capture.file.close()


class TraceOfTls(CommandTest):

    @classmethod
    def setUpClass(cls):
        needed("tshark")
        cls.certificates = Certificates()
        cls.addClassCleanup(cls.certificates.remove)

    def captured(self, *words):
        """A folder with the capture of two messages and their replies, and the secrets."""
        folder = Path(self.folder())
        server = self.server("digits:10", "--quiet", *self.certificates.shown(), "--tls-keylog",
                             folder / "secrets")
        recorder = Recorder(server.port)
        self.assert_done("send", "digits:10", f"{HOST}:{recorder.port}",
                         *self.certificates.trusted(), *words, "Hello", "again")
        write_capture(folder / "capture", recorder.finish())
        return folder

    def test_both_directions_are_decrypted(self):
        folder = self.captured()
        shown = self.assert_done("trace", "digits:10", "--brief", "--hex", folder / "capture",
                                 "--keylog", folder / "secrets").decode()
        lines = [line for line in shown.splitlines() if line[:1] in "<>="]
        self.assertEqual(['< "0000000005Hello"', '= frame "Hello" at 0',
                          '> "0000000005Hello"', '=> frame "Hello" at 0',
                          '< "0000000005again"', '= frame "again" at 15',
                          '> "0000000005again"', '=> frame "again" at 15',
                          "< eof", "= finished"], lines, shown)
        self.assertIn("# decrypted by tshark", shown)

    def test_events_have_no_times(self):
        folder = self.captured()
        shown = self.assert_done("trace", "digits:10", "--json", "--hex", folder / "capture",
                                 "--keylog", folder / "secrets").decode()
        frames = [line for line in shown.splitlines() if '"event":"frame"' in line]
        self.assertEqual(4, len(frames), shown)
        self.assertNotIn('"time"', "".join(frames))

    def test_secrets_of_others(self):
        folder = self.captured()
        (folder / "secrets").write_text("# none\n")
        words = ["trace", "digits:10", "--hex", folder / "capture", "--keylog", folder / "secrets"]
        self.assert_fails(1, words, "has no secret for this stream", "SSLKEYLOGFILE")
        (folder / "secrets").unlink()
        self.assert_fails(1, words, "secrets': no such file")

    def test_no_tshark(self):
        folder = self.captured()
        done = self.run_command("trace", "digits:10", "--hex", folder / "capture", "--keylog",
                                folder / "secrets", PATH="/nonexistent")
        self.assertEqual(1, done.returncode)
        self.assert_error(done.stderr, "trace", "cannot run tshark: no such file", "hint: ")

    def test_what_is_no_capture(self):
        folder = Path(self.folder())
        (folder / "dump").write_text('"0000000005Hello"\n')
        (folder / "secrets").write_text("")
        keylog = ["--keylog", folder / "secrets"]
        self.assert_fails(1, ["trace", "digits:10", "--hex", folder / "dump", *keylog],
                          "--keylog is for captures")
        self.assert_fails(2, ["trace", "digits:10", "--hex", "-", *keylog], "--keylog needs")
        self.assert_fails(2, ["trace", "digits:10", *keylog, "Hello"], "--keylog is for captures")


class ServedPage(PageTest):

    def test_it_is_served_over_tls(self):
        certificates = Certificates()
        self.addCleanup(certificates.remove)
        page = self.serve("walkthrough", *certificates.shown(), scheme="https")

        def ask(method, target, body=None, **headers):
            link = http.client.HTTPConnection(HOST, page.port)
            link.sock = certificates.connect(page.port)
            self.addCleanup(link.close)
            for _ in range(2):  # the second on the same connection
                link.request(method, target, body, headers)
                answer = link.getresponse()
                content = answer.read()
            return answer.status, content

        status, body = ask("GET", "/")
        self.assertEqual(200, status)
        self.assertGreater(len(body), 2 * 16 * 1024, "more than a record")
        self.assertIn(b'id="form"', body)
        form = {"Content-Type": "application/json"}
        for origin, wanted in (("https", 200), ("http", 403)):
            status, body = ask("POST", "/walk", json.dumps(FORM),
                               Origin=f"{origin}://{HOST}:{page.port}", **form)
            self.assertEqual(wanted, status, body)
        with self.connect_to(page.port) as plain:
            plain.sendall(b"GET / HTTP/1.1\r\n\r\n")
            self.assertNotIn(b"HTTP", plain.recv(100))
        self.assertEqual(200, ask("GET", "/")[0])

    def test_tls_is_for_a_page_that_is_served(self):
        self.assert_fails(2, ["trace", "walkthrough", "--tls-cert", "x"], "for --serve")
        self.assert_fails(1, ["trace", "walkthrough", "--serve", "--tls-cert", "/nowhere",
                              "--tls-key", "/nowhere"], "/nowhere")


if __name__ == "__main__":
    unittest.main()
