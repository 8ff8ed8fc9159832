"""`serve --metrics`: what it shows, that its figures add up, and what it says when a loop hangs or
the server ends.
"""
import contextlib
import http.client
import json
import re
import signal
import socket
import threading
import time
import unittest
from pathlib import Path

import exposition
from command_line import HOST, TIMEOUT, CommandTest, receive, receive_to_end
from certificates import Certificates

SHOWN_AT = re.compile(r"http://127\.0\.0\.1:(\d+)/metrics")
HELLO = b"0000000005Hello"


class MetricsTest(CommandTest):

    def serving(self, *options, service="echo", framing="digits:10"):
        """A server, with its `port` and `metrics_port`."""
        program = self.server("--framing", framing, "--quiet", "--service", service,
                              "--metrics", f"{HOST}:0", *options)
        program.wait_until("where metrics are", lambda: SHOWN_AT.search(program.err.decode()))
        program.metrics_port = int(SHOWN_AT.search(program.err.decode())[1])
        return program

    def eventually(self, condition):
        deadline = time.monotonic() + TIMEOUT
        while not condition():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.005)
        return True

    def ask(self, server, target, method="GET"):
        """Status, headers and body."""
        with contextlib.closing(http.client.HTTPConnection(HOST, server.metrics_port,
                                                           timeout=TIMEOUT)) as link:
            link.request(method, target)
            answer = link.getresponse()
            return answer.status, answer.headers, answer.read().decode()

    def metrics(self, server):
        status, headers, body = self.ask(server, "/metrics")
        self.assertEqual((200, "text/plain; version=0.0.4; charset=utf-8"),
                         (status, headers["Content-Type"]))
        return exposition.parse(body)

    def value(self, server, name, **labels):
        return self.metrics(server)[f"framewire_{name}"].value(**labels)

    def comes_to(self, server, expected, name, **labels):
        self.assertTrue(self.eventually(
            lambda: self.value(server, name, **labels) == expected), (name, labels))

    def exchange(self, port, message=HELLO):
        sock = self.connect_to(port)
        sock.sendall(message)
        self.assertEqual(message, receive(sock, len(message)))
        return sock


class Metrics(MetricsTest):

    def test_what_passed_is_counted(self):
        server = self.serving("--threads", "2", "--max-connections", "77")
        for _ in range(3):
            self.exchange(server.port).close()
        kept = self.exchange(server.port, 10 * HELLO)
        broken = self.connect_to(server.port)
        broken.sendall(b"hello, I am no number")
        self.assertEqual(b"", receive_to_end(broken))
        broken.close()
        self.comes_to(server, 3, "connections_closed_total", reason="peer")
        self.comes_to(server, 1, "connections_closed_total", reason="error")
        found = self.metrics(server)
        for name, expected in (("connections_accepted_total", 5), ("connections_open", 1),
                               ("connections_max", 77), ("connections_refused_total", 0),
                               ("frames_received_total", 13), ("frames_skipped_total", 0),
                               ("received_bytes_total", 13 * 15 + 21),
                               ("sent_bytes_total", 13 * 15), ("ready", 1)):
            self.assertEqual(expected, found[f"framewire_{name}"].value(), name)
        errors = found["framewire_errors_total"]
        self.assertEqual({"frame.syntax": 1}, {
            dict(labels)["error"]: value for (_, labels), value in errors.samples.items() if value})
        self.assertEqual(13, found["framewire_service_seconds"].value("_count"))
        self.assertGreater(found["framewire_service_seconds"].value("_sum"), 0)
        self.assertGreater(found["framewire_loop_cycle_seconds"].value("_count"), 5)
        self.assertEqual(2, len(found["framewire_loop_lag_seconds"].samples))
        self.assertEqual(1, sum(found["framewire_loop_connections"].samples.values()))
        kept.close()
        self.stop(server)

    def test_every_metric_is_documented(self):
        page = Path(__file__).parents[2].joinpath("docs", "metrics.md").read_text()
        rows = dict(re.findall(r"^\| `([a-z_]+)` \| (\w+) \|", page, re.MULTILINE))
        found = self.metrics(self.serving(
            service=f"store:nats://{HOST}:1/NOBODY,file={self.folder()}/messages.db"))
        self.assertEqual(rows, {name: family.type for name, family in found.items()})

    def test_what_the_system_counts(self):
        found = self.metrics(self.serving())
        for name in ("start_time_seconds", "resident_memory_bytes", "virtual_memory_bytes",
                     "open_fds", "max_fds", "threads"):
            self.assertGreater(found[f"process_{name}"].value(), 0, name)
        self.assertGreater(found["framewire_memory_max_bytes"].value(), 0)

    def test_skipped_frames_and_evicted_connections(self):
        server = self.serving("--max-connections", "1", framing="digits:10,max=10,oversize=skip")
        sock = self.connect_to(server.port)
        sock.sendall(b"0000000020" + 20 * b"x" + HELLO + b"00")
        self.assertEqual(HELLO, receive(sock, len(HELLO)))
        self.assertEqual(1, self.value(server, "frames_skipped_total"))
        second = self.connect_to(server.port)
        self.assertEqual(b"", receive_to_end(second))
        self.comes_to(server, 1, "errors_total", error="limit.connections")
        self.assertEqual(1, self.value(server, "connections_refused_total"))

    def test_queues(self):
        server = self.serving("--max-queued", "64KiB")
        sock = self.connect_to(server.port)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.setblocking(False)
        block = 1000 * (b"0000001000" + 1000 * b"x")

        def is_full():
            try:
                sock.send(block)
            except BlockingIOError:
                pass
            found = self.metrics(server)
            return (found["framewire_connections_not_read"].value() == 1
                    and found["framewire_queued_bytes"].value() >= 64 * 1024)
        self.assertTrue(self.eventually(is_full))
        found = self.metrics(server)
        queued = found["framewire_queued_bytes"].value()
        self.assertEqual(queued, found["framewire_queued_bytes_largest"].value())
        self.assertGreaterEqual(found["framewire_memory_held_bytes"].value(), queued)

    def test_deferred_replies(self):
        server = self.serving(service="exec:sleep 0.2; cat")
        sock = self.connect_to(server.port)
        sock.sendall(HELLO)
        self.comes_to(server, 1, "deferred_replies")
        self.assertEqual(HELLO, receive(sock, len(HELLO)))
        found = self.metrics(server)
        self.assertEqual(0, found["framewire_deferred_replies"].value())
        self.assertEqual(1, found["framewire_deferred_reply_seconds"].value("_count"))
        self.assertGreater(found["framewire_deferred_reply_seconds"].value("_sum"), 0.1)


class Transports(MetricsTest):

    @classmethod
    def setUpClass(cls):
        cls.certificates = Certificates()
        cls.addClassCleanup(cls.certificates.remove)

    def test_handshakes(self):
        server = self.serving(*self.certificates.shown(), "--tls-client-ca", self.certificates.ca,
                              "--log", "json", "--log-level", "info")
        waits = self.connect_to(server.port)
        self.comes_to(server, 1, "connections_handshaking")
        self.assert_done("send", "digits:10", f"{HOST}:{server.port}", "Hello",
                         *self.certificates.trusted(), *self.certificates.shown("alice"))
        waits.sendall(b"GET / HTTP/1.1\r\n\r\n")
        self.comes_to(server, 1, "errors_total", error="tls.plaintext")
        self.comes_to(server, 1, "connections_closed_total", reason="peer")
        found = self.metrics(server)
        for name, expected in (("connections_handshaking", 0), ("handshakes_total", 1),
                               ("connections_refused_total", 1), ("frames_received_total", 1)):
            self.assertEqual(expected, found[f"framewire_{name}"].value(), name)
        self.assertEqual(1, found["framewire_handshake_seconds"].value("_count"))
        lines = [json.loads(line) for line in self.stop(server).splitlines()]
        closed = next(line for line in lines if line["event"] == "closed")
        self.assertEqual(("TLSv1.3", 1), (closed["tls"], closed["frames"]))
        self.assertRegex(closed["subject"], r"\ACN=alice\b")
        refused = next(line for line in lines if line["event"] == "refused")
        self.assertEqual(("warning", "tls.plaintext"), (refused["level"], refused["error"]))

    def test_the_announced_address_is_the_peer_of_the_log(self):
        server = self.serving("--proxy-protocol", "required", "--trust", HOST, "--log", "text",
                              "--log-level", "info")
        sock = self.exchange_after(server.port, b"PROXY TCP4 192.0.2.7 192.0.2.1 1111 25\r\n")
        sock.close()
        self.comes_to(server, 1, "connections_closed_total", reason="peer")
        self.assertIn(" peer=192.0.2.7:1111 ", self.stop(server))

    def exchange_after(self, port, header):
        sock = self.connect_to(port)
        sock.sendall(header + HELLO)
        self.assertEqual(HELLO, receive(sock, len(HELLO)))
        return sock


class Probes(MetricsTest):

    def test_healthy_and_ready(self):
        server = self.serving()
        self.assertEqual((200, "healthy\n"), self.ask(server, "/healthz")[::2])
        self.assertEqual((200, "ready\n"), self.ask(server, "/readyz")[::2])
        self.assertEqual("", self.ask(server, "/metrics", "HEAD")[2])
        self.assertEqual(404, self.ask(server, "/")[0])
        self.assertEqual(405, self.ask(server, "/metrics", "POST")[0])

    def test_not_ready_while_it_drains(self):
        server = self.serving(service="exec:sleep 60")
        self.connect_to(server.port).sendall(HELLO)
        self.comes_to(server, 1, "deferred_replies")
        server.child.send_signal(signal.SIGTERM)
        self.assertTrue(self.eventually(lambda: self.ask(server, "/readyz")[0] == 503))
        self.assertEqual(0, self.value(server, "ready"))
        self.assertEqual(200, self.ask(server, "/healthz")[0])
        server.child.send_signal(signal.SIGTERM)
        self.assertEqual(1, server.child.wait(TIMEOUT))

    def test_many_ask_at_once(self):
        server = self.serving()
        found = []
        threads = [threading.Thread(target=lambda: found.append(self.ask(server, "/metrics")[0]))
                   for _ in range(30)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        self.assertLessEqual(set(found), {200, 503})
        self.assertIn(200, found)
        self.assertEqual(200, self.ask(server, "/metrics")[0])

    def test_an_address_in_use(self):
        taken = socket.create_server((HOST, 0))
        self.addCleanup(taken.close)
        port = taken.getsockname()[1]
        self.assert_fails(1, ["serve", "digits:10", f"{HOST}:0", "--quiet", "--metrics",
                              f"{HOST}:{port}"], f"cannot listen on {HOST}:{port}")
        self.assert_fails(2, ["serve", "digits:10", f"{HOST}:0", "--metrics", "nowhere"],
                          "nowhere")

    def test_a_local_socket(self):
        where = self.unix_address()
        server = self.server("--framing", "digits:10", "--quiet", "--metrics", where)
        link = socket.socket(socket.AF_UNIX)
        self.addCleanup(link.close)
        link.connect(where.removeprefix("unix:"))
        link.sendall(b"GET /readyz HTTP/1.1\r\nHost: here\r\n\r\n")
        self.assertTrue(receive(link, 15).startswith(b"HTTP/1.1 200 OK"))
        self.stop(server)


if __name__ == "__main__":
    unittest.main()
