"""`serve` as its operator sees it: where it listens, what it prints, how it ends, and what its
console does not let peers do to it.
"""
import contextlib
import json
import os
import re
import resource
import signal
import socket
import subprocess
import threading
import time
import unittest

from command_line import (BINARY, HOST, TIMEOUT, CommandTest, free_port, receive, tied_to_us)
from transcripts import bytes_of, kinds_of

LISTENING = re.compile(r"Server listening on 127\.0\.0\.1:(\d+)\.\.\.\n")
HELLO = b"0000000005Hello"
LINES_PER_SECOND = 10  # for each kind of error


class ServeTest(CommandTest):

    def exchange(self, port, message=HELLO):
        sock = self.connect_to(port)
        sock.sendall(message)
        self.assertEqual(message, receive(sock, len(message)))
        return sock

    def end(self, child):
        child.kill()
        child.wait()
        for stream in filter(None, (child.stdout, child.stderr)):
            stream.close()

    def wait_to_connect(self, port, child):
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline:
            self.assertIsNone(child.poll(), "it has ended")
            with contextlib.suppress(ConnectionRefusedError):
                return self.connect_to(port)
            time.sleep(0.005)
        self.fail(f"nobody listens on port {port}")


class Addresses(ServeTest):

    def test_port_zero_is_printed(self):
        server = self.start([BINARY, "serve", "walkthrough", f"{HOST}:0"])
        server.wait_for_lines(1)
        port = int(LISTENING.fullmatch(server.out.decode())[1])
        self.assertGreater(port, 0)
        self.exchange(port)

    def test_a_port_alone_is_for_this_machine(self):
        port = free_port()
        server = self.start([BINARY, "serve", f":{port}", "--framing", "digits:10"])
        server.wait_for_lines(1)
        self.assertEqual([f"Listening on 127.0.0.1:{port}"], server.lines())
        self.exchange(port)

    def test_ipv6(self):
        try:
            with socket.create_server(("::1", 0), family=socket.AF_INET6):
                pass
        except OSError:
            self.skipTest("there is no IPv6 here")
        server = self.start([BINARY, "serve", "walkthrough", "[::1]:0"])
        server.wait_for_lines(1)
        found = re.fullmatch(r"Server listening on \[::1\]:(\d+)\.\.\.\n", server.out.decode())
        with socket.create_connection(("::1", int(found[1])), TIMEOUT) as sock:
            sock.sendall(HELLO)
            self.assertEqual(HELLO, receive(sock, len(HELLO)))
        server.wait_for_lines(5)
        self.assertRegex(server.lines()[1], r"\('::1', \d+, 0, 0\)")

    def test_a_name(self):
        server = self.start([BINARY, "serve", "walkthrough", "localhost:0"])
        server.wait_for_lines(1)
        self.assertIn("Server listening on ", server.lines()[0])

    def test_a_local_socket_left_by_a_killed_server(self):
        address = self.unix_address()
        for _ in range(2):
            server = self.start([BINARY, "serve", "walkthrough", address])
            server.wait_for_lines(1)
            server.child.kill()
            server.child.wait()

    def test_a_local_socket_with_threads(self):
        address = self.unix_address()
        server = self.start([BINARY, "serve", "walkthrough", address, "--threads", "2"])
        server.wait_for_lines(1)
        self.assertEqual(b"Hello\n", self.assert_done("send", "walkthrough", address, "Hello"))
        self.stop(server)


class Console(ServeTest):

    def test_quiet(self):
        server = self.server("walkthrough", "--quiet")
        self.exchange(server.port).close()
        self.assertEqual("", self.stop(server))
        self.assertEqual(b"", bytes(server.out))

    def test_quiet_keeps_errors(self):
        server = self.server("walkthrough", "--quiet")
        self.connect_to(server.port).sendall(b"GET / HTTP/1.1\r\n")
        server.find_error("frame.syntax at 0: ")
        self.stop(server)
        self.assertEqual(b"", bytes(server.out))

    def test_transcripts_of_two_clients(self):
        server = self.server("walkthrough", "-v")
        one, two = self.exchange(server.port), self.exchange(server.port, b"0000000003two")
        for sock, message in ((one, b"0000000003ONE"), (two, b"0000000003TWO")):
            sock.sendall(message)
            receive(sock, len(message))
        self.assertEqual(0, server.stop(), server.report())
        spoken = self.by_client(server.err.decode())
        names = [str(sock.getsockname()) for sock in (one, two)]
        self.assertEqual(set(names), set(spoken))
        for name, message in zip(names, (HELLO + b"0000000003ONE", b"0000000003two0000000003TWO")):
            self.assertEqual(message, bytes_of(spoken[name], "<"))
            self.assertEqual(message, bytes_of(spoken[name], ">"))

    def by_client(self, text):
        """What stands under each heading `# ('127.0.0.1', ...) with ('127.0.0.1', ...)`."""
        self.assertNotIn(None, kinds_of(text), text)
        spoken = {}
        parts = re.split(r"(?m)^# \('127\.0\.0\.1', \d+\) with (\(.*\))\n", text)
        self.assertEqual("", parts[0])
        for name, lines in zip(parts[1::2], parts[2::2]):
            spoken[name] = spoken.get(name, "") + lines
        return spoken

    def test_payloads_stay_on_their_line(self):
        evil = b"a\nClient sent: forged\r\x1b[2J\x9b31m\x00\x7f\xc2\x9b\xe2\x80\xa8\xff"
        server = self.server("--framing", "digits:10")
        self.exchange(server.port, b"%010d%b" % (len(evil), evil)).close()
        server.wait_for_lines(4)
        self.stop(server)
        lines = bytes(server.out).split(b"\n")
        self.assertEqual(5, len(lines), lines)
        self.assertIn(rb"sent: a\nClient sent: forged\r\x1b[2J\x9b31m\x00\x7f\xc2\x9b", lines[2])
        self.assertTrue(all(0x20 <= byte != 0x7f for line in lines for byte in line))
        self.assertNotIn(b"\xff", bytes(server.out))

    def test_errors_stay_on_their_line(self):
        server = self.server("walkthrough", "-q")
        self.connect_to(server.port).sendall(b"\x1b[2J\n\x9b\r\n\xff\x00")
        server.find_error("frame.")
        text = self.stop(server)
        self.assertEqual(2, text.count("\n"), text)
        self.assertTrue(all(c.isprintable() or c == "\n" for c in text), text)

    def test_characters_stay_characters(self):
        text = "héllo wörld 🎉 \t it's"
        server = self.server("walkthrough")
        self.exchange(server.port, f"{len(text):010d}{text}".encode()).close()
        server.wait_for_lines(4)
        self.assertIn(f"Client sent: {text}\n", server.out.decode())


class Ending(ServeTest):

    def test_with_nothing_to_do(self):
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            server = self.server("walkthrough", "--threads", "2")
            server.child.send_signal(signal_number)
            self.assertEqual(0, server.finish(), server.report())
            self.assertEqual(b"", bytes(server.err))

    def test_a_frame_that_has_begun_is_answered(self):
        server = self.server("walkthrough")
        sock = self.exchange(server.port)
        sock.sendall(HELLO[:12])
        server.wait_until("the message", lambda: b"sent: Hello" in server.out)
        time.sleep(0.05)
        server.child.terminate()
        time.sleep(0.2)
        self.assertIsNone(server.child.poll())
        sock.sendall(HELLO[12:])
        self.assertEqual(HELLO, receive(sock, 15))
        self.assertEqual(b"", sock.recv(1))
        self.assertEqual(0, server.finish(), server.report())
        self.assertEqual(b"", bytes(server.err))

    def test_a_client_that_does_not_read_gets_its_answers(self):
        server = self.server("walkthrough", "--quiet")
        frames = (b"0000010000" + b"x" * 10_000) * 100
        sock = self.connect_to(server.port)
        sender = threading.Thread(target=sock.sendall, args=(frames,))
        sender.start()
        time.sleep(0.3)
        server.child.terminate()
        time.sleep(0.1)
        self.assert_bytes(frames, receive(sock, len(frames)))
        sender.join(TIMEOUT)
        sock.close()
        self.assertEqual(0, server.finish(), server.report())
        self.assertEqual(b"", bytes(server.err))

    def test_no_new_clients_while_draining(self):
        server, sock = self.draining()
        with self.assertRaises(ConnectionRefusedError):
            self.connect_to(server.port)
        sock.close()
        self.assertEqual(0, server.finish(), server.report())

    def draining(self, *options):
        """A server that has been told to end, and the client that it waits for."""
        server = self.server("walkthrough", *options)
        sock = self.exchange(server.port)
        sock.sendall(HELLO[:12])
        server.wait_until("the message", lambda: b"sent: Hello" in server.out)
        time.sleep(0.05)
        server.child.terminate()
        time.sleep(0.1)
        self.assertIsNone(server.child.poll(), server.report())
        return server, sock

    def test_told_twice(self):
        server, _ = self.draining()
        begin = time.monotonic()
        self.stop(server, 1)
        self.assertLess(time.monotonic() - begin, 2)

    def test_time_for_draining(self):
        begin = time.monotonic()
        server, _ = self.draining("--drain", "500ms")
        self.assertEqual(1, server.finish(), server.report())
        self.assertTrue(0.4 < time.monotonic() - begin < 4)

    def test_threads_share_the_clients(self):
        server = self.server("walkthrough", "--threads", "2")
        socks = [self.exchange(server.port) for _ in range(40)]
        for sock in socks:
            sock.close()
        server.wait_for_lines(1 + 4 * len(socks))
        self.stop(server)
        self.assertEqual(40, server.out.count(b"Client sent: Hello\n"))


class Errors(ServeTest):

    def bad_clients(self, server, count):
        for _ in range(count):
            with socket.create_connection((HOST, server.port), TIMEOUT) as sock:
                sock.sendall(b"GET / HTTP/1.1\r\n\r\n")
                self.assert_leaves(sock)

    def test_many_bad_clients_cost_few_lines(self):
        server = self.server("walkthrough", "--quiet")
        begin = time.monotonic()
        self.bad_clients(server, 500)
        text = self.stop(server)
        seconds = int(time.monotonic() - begin) + 1
        self.assertLessEqual(text.count("\n"), (LINES_PER_SECOND + 1) * seconds + 1, text)
        self.assertLess(text.count("\n"), 200)
        last = text.splitlines()[-1]
        self.assertEqual("framewire serve: 500 connections; failed: frame.syntax 500", last)

    def test_what_was_left_out_is_said(self):
        server = self.server("walkthrough", "--quiet")
        begin = time.monotonic()
        self.bad_clients(server, 30)
        if time.monotonic() - begin > 0.9:
            self.skipTest("this machine is too slow to tell")
        time.sleep(1.1)
        self.bad_clients(server, 1)
        server.find_error("framewire serve: frame.syntax: 20 more\n")
        self.assertEqual(11, self.stop(server).count("frame.syntax at 0: "))

    def test_counts_of_several_kinds(self):
        server = self.server("walkthrough", "--quiet")
        for data in (b"GET / HTTP/1.1\r\n\r\n", b"+000000005", b"0000000001\xff", b"9999999999"):
            for _ in range(2):
                sock = self.connect_to(server.port)
                sock.sendall(data)
                self.assert_leaves_after(sock)
        last = self.stop(server).splitlines()[-1]
        self.assertIn("8 connections; failed: ", last)
        for name in ("frame.syntax 2", "frame.length_syntax 2", "frame.utf8 2"):
            self.assertIn(name, last)

    def assert_leaves_after(self, sock):
        with contextlib.suppress(ConnectionResetError):
            sock.shutdown(socket.SHUT_WR)
            while sock.recv(1 << 16):
                pass

    def test_honest_clients_are_no_errors(self):
        server = self.server("walkthrough")
        for message in (HELLO, b"0000000004exit"):
            self.exchange(server.port, message).close()
        server.wait_for_lines(8)
        self.assertEqual("", self.stop(server))

    def test_more_connections_than_allowed(self):
        server = self.server("walkthrough", "--max-connections", "2")
        kept = [self.exchange(server.port) for _ in range(2)]
        self.assert_leaves(self.connect_to(server.port))
        server.find_error("limit.connections")
        kept.pop().close()
        server.wait_until("a client gone", lambda: b"Finished" in server.out)
        self.exchange(server.port)
        self.assertIn("limit.connections 1", self.stop(server))

    def test_too_few_descriptors_are_said(self):
        port = free_port()
        limit = 256
        words = ["sh", "-c", f'ulimit -n {limit}; exec "$@"', "sh", str(BINARY), "serve",
                 "walkthrough", f"{HOST}:{port}", "--max-connections"]
        self.assertGreater(resource.getrlimit(resource.RLIMIT_NOFILE)[1], limit)
        for connections, warned in (("1000", True), ("100", False)):
            with self.subTest(connections):
                child = subprocess.Popen(tied_to_us([*words, connections]),
                                         stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
                self.addCleanup(self.end, child)
                sock = self.wait_to_connect(port, child)
                sock.sendall(HELLO)
                self.assertEqual(HELLO, receive(sock, len(HELLO)))
                sock.close()
                child.terminate()
                text = child.communicate(timeout=TIMEOUT)[1].decode()
                self.assertEqual(0, child.returncode)
                self.assertEqual(warned, "descriptors" in text, text)
                self.assertEqual(warned, f"{limit}" in text and "--max-connections" in text, text)


class Listings(CommandTest):

    def test_protocols(self):
        text = self.assert_done("protocols").decode()
        rows = json.loads(self.assert_done("protocols", "--json"))
        self.assertEqual(["walkthrough", "greeting", "echo", "acknowledge"],
                         [row["name"] for row in rows])
        self.assertEqual(["127.0.0.1:1236", "127.0.0.1:1060", "127.0.0.1:8888", "127.0.0.1:9999"],
                         [row["address"] for row in rows])
        for row in rows:
            for value in row.values():
                self.assertIn(value, text)
            self.assert_done("trace", "--framing", row["framing"], "Greetings,server")

    def test_framings(self):
        lines = self.assert_done("framings", "all").decode().splitlines()
        text = "".join("".join(lines).split())  # long lines are folded
        rows = json.loads(self.assert_done("framings", "--json"))
        self.assertLessEqual({"digits:10", "fixed:16", "raw"}, {row["example"] for row in rows})
        for row in rows:
            for value in row.values():
                self.assertIn("".join(value.split()), text)
                self.assertNotEqual("", value, row)


if __name__ == "__main__":
    unittest.main()
