"""`bench` against servers that are wrong on purpose: each fault is found, counted, said in words,
and makes the exit status 1.
"""
import json
import re
import socket
import unittest

import bench_servers as servers
from command_line import HOST, CommandTest, free_port

FAULTS = ("mismatched", "out_of_order", "missing", "unexpected", "failed_connections")


class FaultTest(CommandTest):

    def bench(self, server, *words):
        """Its status, what it reports for programs, and what it says of errors."""
        done = self.run_command("bench", f"{HOST}:{server.port}", "-f", "digits:10", "--json", "-",
                                *words)
        self.assertTrue(done.stdout, done)
        return done.returncode, json.loads(done.stdout), done.stderr.decode()

    def assert_found(self, answer, *words, count=200, **expected):
        """Exactly these faults; what else it reports is returned."""
        server = servers.FrameServer(self, answer)
        status, report, said = self.bench(server, "--count", count, *words)
        found = {name: report[name] for name in FAULTS if report[name]}
        self.assertEqual(expected, found, said)
        self.assertEqual(1 if expected else 0, status, said)
        for name, number in expected.items():
            self.assertIn(f"{number} {name.replace('_', ' ')}", said)
        return report

    def assert_in_words(self, answer, pattern, *words):
        """The table names connection and message."""
        server = servers.FrameServer(self, answer)
        done = self.run_command("bench", f"{HOST}:{server.port}", "-f", "digits:10", "--count",
                                "50", *words)
        self.assertEqual(1, done.returncode)
        self.assertRegex(done.stdout.decode(), pattern)


class WrongReplies(FaultTest):

    def test_a_right_server_has_none(self):
        report = self.assert_found(servers.echo, "--in-flight", "10")
        self.assertEqual(200, report["messages"])

    def test_two_replies_swapped(self):
        report = self.assert_found(servers.swaps(50), "--in-flight", "10", out_of_order=1)
        self.assertEqual(200, report["messages"])
        self.assert_in_words(servers.swaps(7), r"connection 0, message 7: out of order: \"0000",
                             "--in-flight", "10")

    def test_one_dropped(self):
        report = self.assert_found(servers.alters(50, lambda _: b""), "--in-flight", "10",
                                   "--timeout", "300ms", missing=1)
        self.assertEqual(199, report["messages"])
        self.assert_in_words(servers.alters(7, lambda _: b""), "missing",
                             "--in-flight", "10", "--timeout", "300ms")

    def test_one_byte_altered(self):
        report = self.assert_found(servers.alters(50, servers.flipped), "--in-flight", "10",
                                   mismatched=1)
        self.assertEqual(199, report["messages"])
        self.assert_in_words(
            servers.alters(7, lambda frame: frame[:10] + b"X" + frame[11:]),
            r'connection 0, message 7: mismatched: expected "00000007\w+"\.\.\., '
            r'received "X0000007\w+"\.\.\.', "--in-flight", "10")

    def test_one_sent_twice(self):
        for which in (50, 199):
            with self.subTest(which):
                report = self.assert_found(servers.alters(which, lambda frame: frame * 2),
                                           "--in-flight", "10", unexpected=1)
                self.assertEqual(200, report["messages"])

    def test_a_reply_of_another_size(self):
        self.assert_found(servers.alters(50, lambda _: b"0000000002ok"), mismatched=1)
        self.assert_found(servers.alters(50, lambda _: b"0000000000"), mismatched=1)

    def test_a_constant_reply(self):
        report = self.assert_found(lambda *_: b"0000000002ok", "--expect", "reply:ok")
        self.assertEqual(200, report["messages"])
        self.assert_found(servers.alters(50, lambda _: b"0000000002no"), "--expect", "any")
        server = servers.FrameServer(
            self, lambda number, _: b"0000000002no" if number == 5 else b"0000000002ok")
        status, report, _ = self.bench(server, "--count", "50", "--expect", "reply:ok")
        self.assertEqual((1, 1), (status, report["mismatched"]))

    def test_the_threshold_does_not_hide_it(self):
        server = servers.FrameServer(self, servers.alters(5, servers.flipped))
        status, _, said = self.bench(server, "--count", "20", "--fail-if", "p99>1ns")
        self.assertEqual(1, status)
        self.assertIn("fail if p99>1ns, and p99 is ", said)

    def test_faults_are_shown_with_their_control_bytes_escaped(self):
        wrong = b"0000000005\x1b[2J\n"
        self.assert_in_words(servers.alters(3, lambda _: wrong), r'received "\\x1b\[2J\\n"')


class BadConnections(FaultTest):

    def test_closed_between_frames(self):
        report = self.assert_found(servers.leaves(50), failed_connections=1, missing=1)
        self.assertEqual({"io.closed": 1}, report["failures"])
        self.assertEqual(199, report["messages"])

    def test_closed_within_a_frame(self):
        report = self.assert_found(servers.leaves(50, lambda frame: frame[:30]),
                                   failed_connections=1, missing=1)
        self.assertEqual({"frame.truncated": 1}, report["failures"])
        self.assert_in_words(servers.leaves(7, lambda frame: frame[:30]),
                             r"connection 0, message 7: frame\.truncated at ")

    def test_reset(self):
        report = self.assert_found(servers.leaves(50, reset=True), failed_connections=1, missing=1)
        self.assertEqual({"io.reset": 1}, report["failures"])

    def test_no_frame_at_all(self):
        report = self.assert_found(servers.alters(50, lambda _: b"HTTP/1.1 400 Bad Request\r\n"),
                                   failed_connections=1, missing=1)
        self.assertEqual({"frame.syntax": 1}, report["failures"])

    def test_never_an_answer(self):
        server = servers.FrameServer(self, lambda *_: b"")
        status, report, said = self.bench(server, "--count", "3", "--timeout", "200ms")
        self.assertEqual(1, status)
        self.assertEqual((1, 1, 0), tuple(report[name] for name in
                                          ("missing", "failed_connections", "messages")))
        self.assertEqual({"io.timeout_reply": 1}, report["failures"])
        self.assertIn("no connection got a reply: io.timeout_reply", said)
        self.assertIn("--expect none", said)
        self.assertEqual(1, server.connections)

    def test_a_server_that_goes_for_good_does_not_hold_us(self):
        def answer(number, frame):
            if number == 10:
                server.stop_listening()
                raise servers.Leave()
            return frame

        server = servers.FrameServer(self, answer)
        done = self.run_command("bench", f"{HOST}:{server.port}", "-f", "digits:10", "--count",
                                "1000", "--timeout", "300ms")
        self.assertEqual(1, done.returncode)
        self.assertIn("given up: cannot connect to", done.stdout.decode())

    def test_nobody_listens(self):
        done = self.run_command("bench", f"{HOST}:{free_port()}", "-f", "line")
        self.assertEqual((1, b""), (done.returncode, done.stdout))
        self.assert_error(done.stderr, "bench", "cannot connect to", "connection refused")

    def test_no_answer_to_connecting(self):
        # A queue that is full takes no more.
        full = socket.create_server((HOST, 0), backlog=0)
        self.addCleanup(full.close)
        waiting = []
        for _ in range(4):
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(full.getsockname())
            waiting.append(one)
            self.addCleanup(one.close)
        done = self.run_command("bench", f"{HOST}:{full.getsockname()[1]}", "-f", "line",
                                "--connections", "4", "--timeout", "300ms")
        self.assertEqual(1, done.returncode, done)
        self.assertTrue(re.search(b"timed out|no reply", done.stderr), done)


class SlowReplies(FaultTest):

    def test_a_closed_loop_sees_the_longest(self):
        report = self.assert_found(servers.slow_now_and_then(100, 0.05), count=300)
        self.assertGreaterEqual(report["max_us"], 50_000)
        self.assertNotIn("uncorrected", report)

    def test_an_open_loop_counts_what_had_to_wait(self):
        """While one reply takes 50 ms, those behind it are due, too, and wait with it."""
        server = servers.FrameServer(self, servers.slow_now_and_then(500, 0.05))
        status, report, said = self.bench(server, "--rate", "1000", "--duration", "2s",
                                          "--in-flight", "1")
        self.assertEqual(0, status, said)
        real = report["uncorrected"]
        self.assertGreaterEqual(report["max_us"], 50_000)
        self.assertGreaterEqual(report["max_us"], real["max_us"])
        # About 4 stops of 50 messages each: corrected they are a tenth of all, else 4 of 2000.
        self.assertGreater(report["p99_us"], 10_000)
        self.assertGreater(report["p99_us"], real["p99_us"])

    def test_a_rate_that_cannot_be_kept_shows(self):
        server = servers.FrameServer(self, servers.slow_now_and_then(1, 0.01))
        status, report, _ = self.bench(server, "--rate", "1000", "--duration", "500ms",
                                       "--in-flight", "1", "--fail-if", "rate<900")
        self.assertEqual(3, status)
        self.assertGreater(report["unsent"], 0)
        self.assertLess(report["messages_per_second"], 900)


if __name__ == "__main__":
    unittest.main()
