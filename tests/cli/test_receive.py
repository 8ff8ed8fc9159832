"""`receive` prints what a peer sends, sends nothing, and ends with the peer, after so many messages
or after a time.
"""
import contextlib
import re
import socket
import threading
import unittest
from pathlib import Path

from command_line import BINARY, HOST, TIMEOUT, CommandTest, receive_to_end
from json_events import events_of, payload_of

FRAMED = ("--framing", "netstring")


class ReceiveTest(CommandTest):

    def pushing(self, data, stays=False):
        """A server that sends this at once; what it has received."""
        over = threading.Event()

        def script(sock):
            sock.sendall(data)
            if stays:
                over.wait(TIMEOUT)
            else:
                sock.shutdown(socket.SHUT_WR)
            with contextlib.suppress(ConnectionResetError):
                return receive_to_end(sock)

        server = self.script(script)
        server.over = over
        self.addCleanup(over.set)
        server.words = ("receive", f"{HOST}:{server.port}", *FRAMED)
        return server


class FromAServer(ReceiveTest):

    def test_until_it_ends_its_stream(self):
        server = self.pushing(b"3:one,0:,3:two,")
        self.assertEqual(b"one\n\ntwo\n", self.assert_done(*server.words))
        self.assertEqual(b"", server.result())

    def test_as_it_comes(self):
        again = threading.Event()

        def script(sock):
            sock.sendall(b"3:one,3:t")
            again.wait(TIMEOUT)
            sock.sendall(b"wo,")

        server = self.script(script)
        client = self.start([BINARY, "receive", f"{HOST}:{server.port}", *FRAMED])
        client.wait_for_lines(1)
        again.set()
        self.assertEqual((0, ["one", "two"]), (client.finish(), client.lines()), client.report())

    def test_so_many(self):
        server = self.pushing(b"3:one,3:two,5:three,", stays=True)
        self.assertEqual(b"one\ntwo\n", self.assert_done(*server.words, "--count", "2"))
        server.over.set()
        server = self.pushing(b"3:one,3:two,")
        done = self.run_command(*server.words, "--count", "3")
        self.assertEqual((1, b"one\ntwo\n"), (done.returncode, done.stdout))
        self.assert_error(done.stderr, "receive",
                          "2 of 3 messages: the server closed the connection")

    def test_for_a_time(self):
        server = self.pushing(b"3:one,3:tw", stays=True)
        self.assertEqual(b"one\n", self.assert_done(*server.words, "--for", "200ms"))
        server.over.set()
        server = self.pushing(b"3:one,", stays=True)
        done = self.run_command(*server.words, "--for", "200ms", "--count", "2")
        self.assertEqual((1, b"one\n"), (done.returncode, done.stdout))
        self.assert_error(done.stderr, "receive", "1 of 2 messages within 200ms")

    def test_what_is_no_frame(self):
        for data, part in ((b"3:one,x", "frame.syntax at 6"), (b"3:one,3:tw", "only received")):
            with self.subTest(data):
                done = self.run_command(*self.pushing(data).words)
                self.assertEqual((1, b"one\n"), (done.returncode, done.stdout))
                self.assert_error(done.stderr, "receive", part)

    def test_without_framing(self):
        data = bytes(range(256)) * 1000
        server = self.pushing(data)
        self.assert_bytes(data, self.assert_done("receive", server.words[1], "-f", "raw"))

    def test_its_output_is_that_of_send(self):
        folder = Path(self.folder())
        server = self.pushing(b"3:one,3:two,")
        self.assertEqual(b"", self.assert_done(*server.words, "-o", folder / "%d"))
        self.assertEqual(b"two", (folder / "2").read_bytes())
        server = self.pushing(b"3:a\nb,")
        self.assertEqual(b"\0\0\0\x03a\nb", self.assert_done(*server.words, "--output-framing",
                                                           "u32be"))


class AsEvents(ReceiveTest):

    def test_each_message(self):
        server = self.pushing(b"3:one,2:\xff\x00,")
        events = events_of(self.assert_done(*server.words, "--json"))
        self.assertEqual(["connected", "frame", "frame", "ended", "closed"],
                         [one["event"] for one in events])
        self.assertEqual([(b"one", 0), (b"\xff\0", 6)],
                         [(payload_of(one), one["offset"]) for one in events[1:3]])

    def test_what_fails(self):
        server = self.pushing(b"3:one,x")
        done = self.run_command(*server.words, "--json")
        self.assertEqual(1, done.returncode)
        events = events_of(done.stdout)
        self.assertEqual(["connected", "frame", "closed", "failed"],
                         [one["event"] for one in events])
        for name in ("error", "offset", "message"):
            self.assertEqual(events[2][name], events[3][name])
        said, hint = done.stderr.decode().splitlines()
        self.assertEqual("framewire receive: frame.syntax at 6: " + events[3]["message"], said)
        self.assertIn("lists the framings that fit", hint)

    def test_where_it_listens(self):
        client = self.start([BINARY, "receive", f"{HOST}:0", *FRAMED, "--listen", "--json"])
        client.wait_for_lines(1)
        listening, = events_of(bytes(client.out))
        self.assertEqual("listening", listening["event"])
        with self.connect_to(int(listening["address"].rpartition(":")[2])) as sock:
            sock.sendall(b"3:one,")
        self.assertEqual((0, b""), (client.finish(), bytes(client.err)))

    def test_the_time_before_each(self):
        server = self.pushing(b"3:one,0:,3:a\nb,")
        out = self.assert_done(*server.words, "--timestamps").decode()
        stamp = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"
        self.assertRegex(out, rf"\A{stamp} one\n{stamp} \n{stamp} a\nb\n\Z")


class Listening(ReceiveTest):

    def listening(self, *words):
        client = self.start([BINARY, "receive", f"{HOST}:0", *FRAMED, "--listen", *words])
        client.wait_until("the address", lambda: b"\n" in client.err)
        found = re.fullmatch(rf"Listening on {HOST}:(\d+)\n", bytes(client.err).decode())
        self.assertTrue(found, client.report())
        client.port = int(found[1])
        return client

    def test_one_connection(self):
        client = self.listening()
        with self.connect_to(client.port) as sock:
            sock.sendall(b"3:one,3:two,")
            client.wait_for_lines(2)
            self.assertRaises(ConnectionRefusedError, self.connect_to, client.port)
        self.assertEqual((0, ["one", "two"]), (client.finish(), client.lines()), client.report())

    def test_a_count(self):
        client = self.listening("--count", "1")
        with self.connect_to(client.port) as sock:
            sock.sendall(b"3:one,")
            self.assertEqual(0, client.finish(), client.report())

    def test_nobody_comes(self):
        client = self.listening("--for", "100ms")
        self.assertEqual((0, b""), (client.finish(), bytes(client.out)))
        client = self.listening("--for", "100ms", "--count", "1")
        self.assertEqual(1, client.finish(), client.report())


class Refused(CommandTest):

    def test_wrong_usage(self):
        for words, part in ((["x"], "hint: "), (["-f", "raw", "--count", "1"], "to count"),
                            ([*FRAMED, "--", "message"], "message"),
                            ([*FRAMED, "--count", "some"], "--count"),
                            ([*FRAMED, "--json", "-o", "x"], "--json"),
                            ([*FRAMED, "--timestamps", "-o", "x"], "--timestamps"),
                            ([*FRAMED, "--output-framing", "bogus"], "--output-framing: ")):
            with self.subTest(words):
                self.assert_fails(2, ["receive", "unix:/nowhere", *words], part)

    def test_nobody_is_there(self):
        self.assert_fails(1, ["receive", "unix:/nonexistent/socket", *FRAMED], "cannot connect")

    def test_a_full_disk(self):
        with socket.create_server((HOST, 0)) as server, open("/dev/full", "wb") as full:
            client = self.start([BINARY, "receive", f"{HOST}:{server.getsockname()[1]}", *FRAMED,
                                 "-o", full.name])
            sock, _ = server.accept()
            with sock:
                sock.sendall(b"3:one,")
                self.assertEqual(1, client.finish(), client.report())
        self.assert_error(bytes(client.err), "receive", "no space left on device")


if __name__ == "__main__":
    unittest.main()
