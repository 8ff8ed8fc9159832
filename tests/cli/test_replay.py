"""`replay`: a recording is played to a server, and its replies are compared."""
import os
import re
import signal
import subprocess
import unittest
from pathlib import Path

from captures import ACK, PORT, PUSH, SERVER, Capture, segment
from command_line import BINARY, HOST, TIMEOUT, free_port, receive, receive_to_end
from json_events import events_of, without
from replays import AGAIN, ENDS, HELLO, ReplayTest, counts_of

SANITIZED = "sanitize" in os.environ.get("FRAMEWIRE_CXX_FLAGS", "")


class AgainstServers(ReplayTest):

    def test_equal_replies(self):
        server = self.server("digits:10", "--quiet")
        path = self.recording("@ 1500us\n", HELLO, "@ 10ms\n", AGAIN, ENDS)
        for words in ((), ("--speed", "2x"), ("--speed", "max")):
            self.assertEqual((1, 2, 2, 0), counts_of(self.replay(path, server.port, *words)))

    def test_the_first_difference_is_shown(self):
        server = self.server("digits:10", "--quiet")
        path = self.recording(HELLO, '< "0000000005again"\n> "0000000005agbin"\n', HELLO, ENDS)
        text = self.replay(path, server.port, "--speed", "max", status=1)
        self.assertEqual(['connection 1, reply 2, line 5: byte 12 is "a", not "b"',
                          '- "0000000005agbin"', '+ "0000000005again"'], text.splitlines()[:3])
        self.assertIn("# expected\n# position   15 16 ", text)
        self.assertIn("|-p-|  d |-p-|\n", text)
        self.assertEqual((1, 3, 3, 1), counts_of(text))

    def test_another_header_is_a_difference(self):
        def answer(peer):
            receive(peer, 24)
            peer.sendall(b"Content-Length: 2\r\nX: y\r\n\r\nho")
            return receive_to_end(peer)
        path = self.recording('< "Content-Length: 3\\r\\n\\r\\nwho"\n'
                              '> "Content-Length: 2\\r\\n\\r\\nho"\n',
                              framing="content-length")
        text = self.replay(path, self.script(answer).port, status=1)
        self.assertIn('byte 19 is "X", not "\\r"', text)
        self.replay(path, self.script(answer).port, "--ignore", "nothing")

    def test_a_framing_that_does_not_fit(self):
        server = self.server("u16be", "--quiet")
        path = self.recording('< 00 02 "hi"\n> 00 02 "hi"\n', framing="digits:4")
        self.assertIn("# connection 1: a frame is wrong at line 3: frame.syntax at 0",
                      self.replay(path, server.port))

    def test_what_matches_a_pattern_is_not_compared(self):
        server = self.server("line", "--service", "reply:at 12:34:56, all is well", "--quiet")
        path = self.recording('< "how is it?\\n"\n> "at 1:02:03, all is well\\n"\n',
                              framing="line")
        self.replay(path, server.port, status=1)
        self.assertEqual((1, 1, 1, 0), counts_of(self.replay(
            path, server.port, "--ignore", "well", "--ignore", "[0-9]+:[0-9:]*")))
        self.replay(path, server.port, "--ignore", "[0-9]{2}", status=1)

    def test_the_first_byte_that_differs_is_none_that_is_ignored(self):
        server = self.server("u8", "--service", "reply:at 12:34:56, all is well", "--quiet")
        path = self.recording('< 00\n> 17 "at 1:02:03, all is hell"\n', framing="u8")
        text = self.replay(path, server.port, "--ignore", "[0-9:]+", status=1)
        self.assertIn('connection 1, reply 1, line 3: byte 21 is "w", not "h"\n', text)
        self.assertEqual(2, len(re.findall(r"-\|  d\b", text)), text)

    def test_a_missing_reply(self):
        silent = self.script(receive_to_end)
        text = self.replay(self.recording(HELLO), silent.port, "--timeout", "100ms", status=1)
        self.assertEqual(["connection 1, reply 1, line 3: it is missing", '- "0000000005Hello"',
                          "+ (nothing more within 100 ms)"], text.splitlines()[:3])

    def test_a_server_that_closes_instead(self):
        closing = self.script(lambda peer: receive(peer, 15))
        text = self.replay(self.recording(HELLO), closing.port, status=1)
        self.assertIn("+ (the end of the stream)\n", text)

    def test_half_a_reply(self):
        stingy = self.script(lambda peer: (peer.sendall(b"0000000005He"), receive_to_end(peer)))
        text = self.replay(self.recording(HELLO), stingy.port, "--timeout", "100ms", status=1)
        self.assertIn('+ "0000000005He" (nothing more within 100 ms)\n', text)

    def test_more_than_was_recorded(self):
        twice = self.script(lambda peer: (receive(peer, 15), peer.sendall(b"0000000005Hello" * 2),
                                          receive_to_end(peer)))
        text = self.replay(self.recording(HELLO), twice.port, status=1)
        self.assertIn("connection 1, reply 2: it was not recorded\n", text)
        self.assertIn('+ "0000000005Hello"\n', text)

    def test_an_end_that_was_recorded_is_expected(self):
        server = self.server("digits:10", "--quiet")
        text = self.replay(self.recording(HELLO, "> eof\n"), server.port, "--timeout", "100ms",
                           status=1)
        self.assertIn("- (the end of the stream)\n", text)

    def test_nobody_is_there(self):
        self.assert_fails(1, ["replay", self.recording(HELLO), f"{HOST}:{free_port()}"],
                          "cannot connect to", "connection refused")

    def test_a_message_waits_for_the_replies_before_it(self):
        def answer_late(peer):
            first = receive(peer, 15)
            peer.settimeout(0.2)
            self.assertRaises(TimeoutError, peer.recv, 1)
            peer.settimeout(TIMEOUT)
            peer.sendall(first)
            peer.sendall(receive(peer, 15))
            return receive_to_end(peer)
        server = self.script(answer_late)
        self.replay(self.recording(HELLO, AGAIN, ENDS), server.port, "--speed", "max")
        self.assertEqual(b"", server.result())

    def test_it_is_played_many_times(self):
        server = self.server("digits:10", "--quiet")
        text = self.replay(self.recording(HELLO, ENDS), server.port, "--connections", "5",
                           "--loop", "3", "--speed", "max")
        self.assertEqual((15, 15, 15, 0), counts_of(text))

    def test_it_is_played_until_it_is_interrupted(self):
        server = self.server("walkthrough")
        player = self.start([BINARY, "replay", str(self.recording(HELLO)),
                             f"{HOST}:{server.port}", "--speed", "max", "--loop"])
        server.wait_for_lines(12)  # of which one connection has three
        player.child.send_signal(signal.SIGINT)
        self.assertEqual(0, player.finish(), player.report())
        connections, _, replies, differences = counts_of(player.out.decode())
        self.assertGreaterEqual(connections, 3)
        self.assertGreaterEqual(replies, 2)
        self.assertEqual(0, differences)

    def test_several_connections_keep_their_order(self):
        """What one sends, another receives."""
        server = self.server("line", "--service", "relay", "--quiet")
        path = self.recording(
            'connection 2\nframing line\n@ 1ms\nconnection 1\n< "Hello\\n"\n'
            'connection 2\n> "Hello\\n"\n@ 2500us\n< "again\\n"\n'
            'connection 1\n> "again\\n"\n@ 1ms\n< "bye\\n"\n'
            'connection 2\n> "bye\\n"\n', framing="line")
        self.assertEqual((2, 3, 3, 0), counts_of(self.replay(path, server.port)))

    def test_more_connections_than_descriptors(self):
        server = self.server("digits:10", "--quiet")
        path = self.recording(*(f"connection {number}\n{HELLO}{ENDS}" for number in range(1, 61)))
        limited = subprocess.run(
            ["prlimit", "--nofile=40", BINARY, "replay", path, f"{HOST}:{server.port}"],
            capture_output=True, timeout=TIMEOUT, check=False)
        self.assertEqual(0, limited.returncode, limited)
        self.assertEqual((60, 60, 60, 0), counts_of(limited.stdout.decode()))

    @unittest.skipIf(SANITIZED, "a sanitizer reserves more memory")
    def test_no_more_threads(self):
        server = self.server("digits:10", "--quiet")
        limited = subprocess.run(
            ["prlimit", f"--as={64 << 20}", BINARY, "replay", self.recording(HELLO),
             f"{HOST}:{server.port}", "--connections", "100"],
            capture_output=True, timeout=TIMEOUT, check=False)
        self.assertEqual(1, limited.returncode, limited)
        self.assertIn(b"temporarily unavailable", limited.stderr)

    def test_a_framing_that_changes(self):
        def refuse_tls(peer):
            receive(peer, 8)
            peer.sendall(b"N")
            receive(peer, 8)
            peer.sendall(b"Z\0\0\0\5I")
            receive_to_end(peer)
        server = self.script(refuse_tls)
        path = self.recording(
            '< 00 00 00 08 04 d2 16 "/"\n> "N"\n',
            "framing u32be,lead=1,adjust=-4,first=u32be\\,adjust=-4,"
            "reply=u32be\\,lead=1\\,adjust=-4\n",
            '< 00 00 00 08 00 03 00 00\n> "Z" 00 00 00 05 "I"\n',
            framing="u32be,adjust=-4,reply=fixed:1")
        self.assertEqual((1, 2, 2, 0), counts_of(self.replay(path, server.port)))

    def test_bytes_without_borders_are_compared_however_they_are_cut(self):
        def trickle(peer):
            for byte in receive(peer, 6):
                peer.sendall(bytes([byte]))
            receive_to_end(peer)
        path = self.recording('< "Hello!"\n> "Hel"\n@ 1ms\n> "lo!"\n', framing="raw")
        self.replay(path, self.script(trickle).port)


class AsJson(ReplayTest):

    def events(self, *words, status=0):
        done = self.run_command("replay", *words, "--json")
        self.assertEqual(status, done.returncode, done)
        return [without(one, "time") for one in events_of(done.stdout)]

    def test_a_difference_and_the_result(self):
        server = self.server("digits:10", "--quiet")
        path = self.recording(HELLO, '< "0000000002\\xffa"\n> "0000000002" ff "b"\n')
        self.assertEqual(
            [{"event": "difference", "connection": 1, "line": 5, "direction": "received",
              "offset": 15, "number": 2, "differs_at": 11, "expected": '"0000000002" ff "b"',
              "received": '"0000000002" ff "a"',
              "message": 'connection 1, reply 2, line 5: byte 11 is "a", not "b"'},
             {"event": "played", "connections": 1, "messages": 2, "compared": 2,
              "differences": 1}],
            self.events(path, f"{HOST}:{server.port}", "--speed", "max", status=1))
        *_, played = self.events(self.recording(HELLO), f"{HOST}:{server.port}")
        self.assertLessEqual({"late_max_us", "behind_us"}, {*played})

    def test_a_missing_reply_and_a_remark(self):
        silent = self.script(receive_to_end)
        remark, difference, _ = self.events(
            self.recording(HELLO, '> "++"\n'), f"{HOST}:{silent.port}", "--timeout", "50ms",
            status=1)
        self.assertEqual("remark", remark["event"])
        self.assertEqual(("difference", '"0000000005Hello"', None),
                         (difference["event"], difference["expected"],
                          difference.get("received")))

    def test_nobody_is_there(self):
        self.assertEqual(["failed"], [one["event"] for one in self.events(
            self.recording(HELLO), f"{HOST}:{free_port()}", status=1)])


class Recordings(ReplayTest):

    def assert_refused(self, text, *parts):
        path = Path(self.folder(), "one.transcript")
        path.write_text(text, encoding="utf-8")
        self.assert_fails(1, ["replay", path, ":1"], *parts)

    def test_what_cannot_be_sent(self):
        self.assert_refused("framing raw\n< gap 3\n", "line 2: 3 bytes are missing here")
        self.assert_refused('framing raw\n< "abc"\n# and 9 more bytes\n',
                            "line 3: bytes were left out when this was recorded")
        self.assert_refused("framing raw\n", "nothing is said in the transcript")
        self.assert_refused("hello\n", "one.transcript: line 1: expected #, framing")

    def test_what_a_client_has_recorded(self):
        """Its peer is the server."""
        server = self.server("digits:10", "--quiet")
        sent = self.run_command("send", "digits:10", f"{HOST}:{server.port}", "Hello", "-v")
        path = Path(self.folder(), "client.transcript")
        path.write_bytes(sent.stderr)
        self.assertEqual((1, 1, 1, 0), counts_of(self.replay(path, server.port, "--swap")))

    def test_wrong_usage(self):
        path = self.recording(HELLO)
        self.assert_fails(2, ["replay"], "which recording?")
        self.assert_fails(1, ["replay", "/nonexistent/file"], "/nonexistent/file")
        for words, parts in (
                (["--speed", "fast"], ["'fast' is not a speed such as 2x"]),
                (["--speed", "0x"], ["not a speed"]), (["--as", "both"], ["client or server"]),
                (["--ignore", "a("], ["grep -E"]), (["--connections", "0"], ["1"]),
                (["--connections", "1001"], ["at most 1000"]), (["--loop", "0"], ["at least 1"]),
                (["--as", "server", "--loop", "2"], ["--loop"]), (["nonsense"], ["nonsense"]),
                (["--", "Hello"], ["no messages"])):
            with self.subTest(words):
                self.assert_fails(2, ["replay", path, *words], *parts)
        self.assert_fails(1, ["replay", path, ":1", "--stream", "4"], "there is no connection 4")

    def test_a_reply_that_was_cut_ends_the_comparison(self):
        server = self.server("digits:10", "--quiet")
        path = self.recording('< "0000000005Hello"\n> "0000000005"\n# and 5 more bytes\n', AGAIN)
        text = self.replay(path, server.port)
        self.assertIn("# connection 1: bytes are missing at line 4, so nothing is compared", text)
        self.assertEqual((1, 2, 0, 0), counts_of(text))

    def capture(self):
        """Of two streams: one has two messages, each with its reply, the other has one."""
        path = Path(self.folder(), "two.pcap")
        capture = Capture(path)
        client = ("10.1.0.1", 40000)
        capture.add([b"\0\5Hello"])
        capture.write(segment((SERVER, PORT), client, 1, ACK | PUSH, b"\0\5Hello"))
        capture.write(segment(client, (SERVER, PORT), 8, ACK | PUSH, b"\0\5agai"))
        capture.write(segment(client, (SERVER, PORT), 14, ACK | PUSH, b"n"))
        capture.write(segment((SERVER, PORT), client, 8, ACK | PUSH, b"\0\5again"))
        capture.add([b"\0\2hi"], [b"\0\2ho"])
        capture.file.close()
        return path

    def test_a_capture(self):
        server = self.server("u16be", "--quiet")
        path = self.capture()
        self.assertEqual((1, 2, 2, 0), counts_of(self.replay(
            path, server.port, "-f", "u16be", "--stream", "0")))
        text = self.replay(path, server.port, "-f", "u16be", "--stream", "1", status=1)
        self.assertEqual('stream 1, reply 1, packet 11: byte 3 is "i", not "o"',
                         text.splitlines()[0])
        self.assertEqual((2, 3, 3, 1), counts_of(self.replay(
            path, server.port, "-f", "u16be", "--stream", "all", status=1)))

    def test_a_capture_needs_a_framing_and_a_stream(self):
        path = self.capture()
        self.assert_fails(1, ["replay", path, "u16be", ":1"], "the capture has 2 streams",
                          "--stream 0")
        self.assert_fails(2, ["replay", path, ":1", "--stream", "0"], "which framing?")
        self.assert_fails(1, ["replay", path, "u16be", ":1", "--stream", "2"],
                          "there is no stream 2 in the capture")


if __name__ == "__main__":
    unittest.main()
