"""`bench`: what is sent and what must come back, over how many connections; protocols without
replies; a framing that is wrong.
"""
import json
import time
import unittest

import bench_servers as servers
from command_line import HOST, CommandTest

LATENCIES = ("p50_us", "p99_us", "max_us", "mean_us")


def framed(payload):
    return b"%010d" % len(payload) + payload


class MessagesTest(CommandTest):

    def bench(self, server, *words, status=0):
        """What it reports for programs, and what it says of errors."""
        done = self.run_command("bench", f"{HOST}:{server.port}", "-f", "digits:10", "--json", "-",
                                *words)
        self.assertEqual(status, done.returncode, done)
        return json.loads(done.stdout), done.stderr.decode()

    def collecting(self, answer):
        """A server that keeps the payloads that came."""
        seen = []

        def keep(number, frame):
            seen.append(frame[10:])
            return answer(number, frame)
        return servers.FrameServer(self, keep), seen


class Messages(MessagesTest):

    def test_they_are_sent_in_rotation_with_their_numbers(self):
        server, seen = self.collecting(servers.echo)
        path = self.file_with(b"\xffc{n}")
        report, _ = self.bench(server, "--message", "a{n}", "--message", "b", "--payload", path,
                               "--count", "6")
        self.assertEqual([b"a0", b"b", b"\xffc2", b"a3", b"b", b"\xffc5"], seen)
        self.assertEqual((6, 3), (report["messages"], report["settings"]["messages"]))

    def test_numbers_of_all_connections_differ(self):
        server, seen = self.collecting(servers.echo)
        self.bench(server, "--message", "{n}", "--count", "40", "-c", "4", "-n", "3")
        self.assertEqual(set(range(40)), set(map(int, seen)))

    def test_escapes(self):
        server, seen = self.collecting(servers.echo)
        self.bench(server, "-e", "--message", r"\x02{n}\x03\n", "--count", "2")
        self.assertEqual([b"\x020\x03\n", b"\x021\x03\n"], seen)
        self.bench(server, "--message", r"\n", "--count", "1")
        self.assertEqual(rb"\n", seen[-1])

    def test_replies_with_numbers_are_checked(self):
        def acknowledge(_, frame):
            return framed(b"ok " + frame[10:])
        server = servers.FrameServer(self, acknowledge)
        words = ("--message", "{n}", "--expect", "reply:ok {n}", "-n", "10", "--count", "50")
        self.assertEqual(50, self.bench(server, *words)[0]["messages"])
        wrong = servers.FrameServer(
            self, lambda number, frame: acknowledge(number, framed(b"x") if number == 5 else frame))
        self.assertEqual(1, self.bench(wrong, *words, status=1)[0]["mismatched"])
        swapped = servers.FrameServer(self, servers.swaps(7))
        report, _ = self.bench(swapped, "--message", "<{n}>", "-n", "10", "--count", "50", status=1)
        self.assertEqual((50, 1), (report["messages"], report["out_of_order"]))

    def test_a_first_message_on_each_connection(self):
        server, seen = self.collecting(servers.echo)
        report, _ = self.bench(server, "--first", "I am {n}", "-c", "3", "--count", "9",
                               "--messages-per-connection", "2")
        self.assertEqual({b"I am 0", b"I am 1", b"I am 2"}, {one for one in seen if b"I" in one})
        self.assertTrue(seen[0].startswith(b"I am"))
        self.assertEqual(9, report["messages"])
        self.assertEqual(9 + server.connections, len(seen))

    def test_numbers_as_people_write_them(self):
        report, _ = self.bench(servers.FrameServer(self, servers.echo), "-r", "1k", "--count",
                               "1e2", "-d", "0.5", "--timeout", "1m30s")
        settings = report["settings"]
        self.assertEqual([1000, 100, 0.5, 90], [settings[name] for name in (
            "rate", "count", "duration_seconds", "timeout_seconds")])

    def test_in_flight_that_looks_like_a_total_is_remarked(self):
        server = servers.FrameServer(self, servers.echo)
        _, said = self.bench(server, "-n", "300", "-d", "50ms")
        self.assertIn("warning: 300 messages are in flight on each connection", said)
        self.assertIn("use --count 300", said)
        for words in (("-n", "300", "--count", "10"), ("-n", "50", "-d", "50ms"),
                      ("-n", "300", "-r", "100", "-d", "50ms")):
            self.assertEqual("", self.bench(server, *words)[1])


class OneWay(MessagesTest):

    def test_all_arrives_and_has_no_latency(self):
        server, seen = self.collecting(lambda *_: b"")
        report, _ = self.bench(server, "--expect", "none", "--count", "500", "-c", "3")
        self.assertEqual((500, 500), (report["messages"], len(seen)))
        self.assertEqual({None}, {report[name] for name in LATENCIES})
        self.assertEqual([], report["histogram"])
        self.assertGreater(report["messages_per_second"], 0)

    def test_as_fast_as_it_is_taken(self):
        server = self.server("--quiet", "-f", "line", "--service", "discard")
        out = self.assert_done("bench", f"{HOST}:{server.port}", "-f", "line", "--expect", "none",
                               "-d", "0.2").decode()
        self.assertRegex(out, r"closed loop, no replies\n")
        self.assertRegex(out, r"\n  latency +-\n")

    def test_framings_without_replies_expect_none(self):
        server = self.server("--quiet", "-f", "syslog", "--service", "discard")
        out = self.assert_done("bench", f"{HOST}:{server.port}", "-f", "syslog,max=1000",
                               "--count", "50", "--json", "-")
        self.assertEqual("none", json.loads(out)["settings"]["expect"])

    def test_on_time(self):
        server, seen = self.collecting(lambda *_: b"")
        report, _ = self.bench(server, "--expect", "none", "-r", "500", "--count", "100", "-c",
                               "2", "--messages-per-connection", "10", "--fail-if",
                               "late.p99>60s")
        self.assertEqual((100, 100), (report["messages"], len(seen)))
        self.assertGreater(report["late"]["max_us"], 0)
        self.assertGreaterEqual(server.connections, 10)

    def test_a_server_that_leaves(self):
        report, _ = self.bench(servers.FrameServer(self, servers.leaves(5)), "--expect", "none",
                               "-r", "500", "-d", "0.2s", status=1)
        self.assertGreaterEqual(report["failed_connections"], 1)

    def test_there_is_no_latency_to_judge(self):
        for words in (("--fail-if", "p99>1s"), ("--find-rate", "p99<1s"), ("-n", "5")):
            with self.subTest(words):
                self.assert_fails(2, ["bench", ":1", "-f", "line", "--expect", "none", *words],
                                  words[0].replace("-n", "--in-flight"), "--expect none")


class Connections(MessagesTest):

    def test_a_new_one_after_some_messages(self):
        server = servers.FrameServer(self, servers.echo)
        report, _ = self.bench(server, "--count", "20", "--messages-per-connection", "2")
        self.assertEqual((20, 10), (report["messages"], server.connections))
        self.assertGreater(report["connect"]["p50_us"], 0)
        self.assertEqual(2, report["settings"]["messages_per_connection"])

    def test_the_time_to_connect_is_in_the_table_and_may_be_judged(self):
        server = servers.FrameServer(self, servers.echo)
        done = self.run_command("bench", f"{HOST}:{server.port}", "-f", "digits:10", "--count",
                                "10", "--messages-per-connection", "1", "--fail-if",
                                "connect.p50>1ns")
        self.assertEqual(3, done.returncode)
        self.assertRegex(done.stdout.decode(), r"\n  latency +reply +to connect\n")
        self.assertIn(b"connect.p50 is ", done.stderr)

    def test_greeting(self):
        server = self.server("greeting", "--quiet")
        out = self.assert_done("bench", "greeting", f"{HOST}:{server.port}", "--json", "-",
                               "--count", "50", "-c", "2")
        report = json.loads(out)
        self.assertEqual((50, 0), (report["messages"], report["errors"]))
        self.assertEqual("reply:Goodbye, client!", report["settings"]["expect"])

    def test_an_echo_of_bytes(self):
        server = self.server("echo", "--quiet")
        out = self.assert_done("bench", "echo", f"{HOST}:{server.port}", "--count", "50", "--size",
                               "10", "--json", "-")
        self.assertEqual("fixed:10", json.loads(out)["settings"]["framing"])


class WrongFraming(MessagesTest):

    def test_it_ends_at_once_with_a_hint(self):
        server = self.server("--quiet", "-f", "digits:10")
        began = time.monotonic()
        done = self.run_command("bench", f"{HOST}:{server.port}", "-f", "u32be", "-d", "1min")
        self.assertLess(time.monotonic() - began, 30)
        self.assertEqual(1, done.returncode)
        self.assert_error(done.stderr, "bench", "no connection got a reply: io.closed",
                          "hint: is --framing u32be right?")
        self.assertRegex(done.stdout.decode(), r"\n  latency +-\n\Z")

    def test_a_reply_that_is_no_frame(self):
        server = servers.FrameServer(self, lambda *_: b"HTTP/1.1 400 Bad Request\r\n")
        report, said = self.bench(server, "-d", "1min", "-c", "5", status=1)
        self.assertIn("no connection got a reply: frame.syntax", said)
        self.assertIn("frame.syntax", report["ended_early"])
        self.assertIsNone(report["p99_us"])

    def test_some_that_are_refused_do_not_end_it(self):
        server = self.server("--quiet", "-f", "digits:10", "--max-connections", "5")
        done = self.run_command("bench", f"{HOST}:{server.port}", "-f", "digits:10", "-c", "12",
                                "-d", "0.2", "--json", "-")
        self.assertEqual(1, done.returncode)
        report = json.loads(done.stdout)
        self.assertIsNone(report["ended_early"])
        self.assertGreater(report["messages"], 0)
        self.assertGreater(report["failed_connections"], 0)

    def test_no_reply_to_the_first_message(self):
        server = servers.FrameServer(self, lambda *_: b"")
        _, said = self.bench(server, "--first", "hello", "--timeout", "0.2", status=1)
        self.assertIn("no connection got a reply: io.timeout_reply", said)
        self.assertIn("--expect none", said)

    def test_one_first_message_without_a_reply_does_not_hold_us(self):
        server = servers.FrameServer(
            self, lambda _, frame: frame if frame.endswith(b"0") else b"")
        done = self.run_command("bench", f"{HOST}:{server.port}", "-f", "digits:10", "--first",
                                "I am {n}", "-c", "2", "--timeout", "0.2")
        self.assertEqual((1, b""), (done.returncode, done.stdout))
        self.assert_error(done.stderr, "bench", "cannot open 2 connections: io.timeout_reply")


if __name__ == "__main__":
    unittest.main()
