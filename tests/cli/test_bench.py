"""`bench` against our own servers: options, reports, exit statuses, ends before their time."""
import json
import os
import re
import signal
import subprocess
import time
import unittest
from pathlib import Path

from command_line import BINARY, HOST, TIMEOUT, CommandTest, minds_signals
from terminal import CTRL_C, Terminal

DONE, FAILED, USAGE, MISSED = 0, 1, 2, 3
LATENCIES = ("p50_us", "p75_us", "p90_us", "p95_us", "p99_us", "p99_9_us", "p99_99_us", "max_us",
             "mean_us")
FAULTS = ("mismatched", "out_of_order", "missing", "unexpected", "failed_connections")
SPECS = ("digits:10", "digits:10,count=chars", "u16be", "varint", "netstring", "octet-count",
         "line", "delimiter:--", "mllp", "content-length", "fixed:64")


class BenchTest(CommandTest):

    def echo_server(self, spec="digits:10", *words):
        return self.server("--quiet", "--framing", spec, *words)

    def wait_for(self, condition):
        deadline = time.monotonic() + TIMEOUT
        while not condition():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.005)

    def bench(self, server, *words, spec="digits:10"):
        """What it reports for programs, having succeeded without a word on stderr."""
        out = self.assert_done("bench", f"{HOST}:{server.port}", "--framing", spec, "--json", "-",
                               *words)
        report = json.loads(out)
        self.assertEqual({name: 0 for name in FAULTS}, {name: report[name] for name in FAULTS})
        return report


class Reports(BenchTest):

    def test_every_framing_is_echoed(self):
        for spec in SPECS:
            with self.subTest(spec):
                server = self.echo_server(spec)
                report = self.bench(server, "--count", "500", "--in-flight", "7", spec=spec)
                self.assertEqual(500, report["messages"])
                self.assertEqual(report["bytes_sent"], report["bytes_received"])
                self.assertEqual(0, server.stop(), server.report())

    def test_json_of_a_closed_loop(self):
        report = self.bench(self.echo_server(), "--count", "1000", "--connections", "3")
        for name in (*LATENCIES, "messages_per_second", "duration_seconds"):
            self.assertGreater(report[name], 0, name)
        ordered = [report[name] for name in LATENCIES[:-1]]
        self.assertEqual(sorted(ordered), ordered)
        self.assertNotIn("uncorrected", report)
        self.assertEqual(1000, report["messages"])
        self.assertEqual(1000 * 74, report["bytes_sent"])
        self.assertEqual(1000, sum(count for _, count in report["histogram"]))
        borders = [upper for upper, _ in report["histogram"]]
        self.assertEqual(sorted(set(borders)), borders)
        self.assertEqual(3, report["settings"]["connections"])
        self.assertIsNone(report["settings"]["rate"])
        self.assertNotIn("late", report)
        self.assertFalse(report["interrupted"])
        self.assertGreaterEqual(report["cpu_seconds"], 0)

    def test_json_of_an_open_loop(self):
        report = self.bench(self.echo_server(), "--rate", "1000", "--duration", "1200ms",
                            "--connections", "3")
        self.assertEqual(1200, report["messages"])
        self.assertEqual(set(LATENCIES), set(report["uncorrected"]))
        self.assertGreaterEqual(report["mean_us"], report["uncorrected"]["mean_us"])
        self.assertEqual(set(LATENCIES), set(report["late"]))
        self.assertEqual(1000, report["settings"]["rate"])
        seconds = [second for second, _, _, _ in report["over_time"]]
        self.assertEqual([1.0, 1.2], seconds)
        self.assertEqual(1.2, report["duration_seconds"])

    def test_the_table(self):
        server = self.echo_server()
        words = ("bench", f"{HOST}:{server.port}", "-f", "digits:10", "--count", "200")
        closed = self.assert_done(*words).decode()
        self.assertRegex(closed, rf"\A{HOST}:\d+, digits:10, 64 bytes\n"
                                 r"1 connection x 1 in flight, closed loop\n")
        self.assertRegex(closed, r"\n  messages +200 +[\d ]+/s\n")
        self.assertRegex(closed, r"\n  p99\.9 +[\d.]+ (us|ms)\n")
        self.assertRegex(closed, r"\n +<= [\d.]+ (us|ms) #+ +\d+\n")
        self.assertNotIn("mismatched", closed)
        opened = self.assert_done(*words, "--rate", "1000").decode()
        self.assertRegex(opened, r"\n  latency +corrected +uncorrected +sent late\n")
        self.assertRegex(opened, r"\n  max( +[\d.]+ (us|ms)){3}\n")
        self.assertLessEqual(max(map(len, opened.splitlines())), 79)

    def test_json_in_a_file_leaves_the_table(self):
        path = f"{self.folder()}/report.json"
        out = self.assert_done("bench", f"{HOST}:{self.echo_server().port}", "-f", "digits:10",
                               "--count", "10", "--json", path)
        self.assertIn(b"messages", out)
        self.assertEqual(10, json.loads(Path(path).read_text())["messages"])

    def test_a_report_that_cannot_be_written(self):
        server = self.echo_server()
        done = self.run_command("bench", f"{HOST}:{server.port}", "-f", "digits:10", "--count",
                                "10", "--json", "/nonexistent/report")
        self.assertEqual(FAILED, done.returncode)
        self.assert_error(done.stderr, "bench", "cannot write '/nonexistent/report'")


    def test_a_report_is_written_whole_or_not_at_all(self):
        server = self.echo_server()
        folder = Path(self.folder())
        path = folder / "report"
        for old in (None, "old"):
            if old:
                path.write_text(old)
            for form in ("--json", "--html"):
                done = subprocess.run(
                    ["sh", "-c", "trap '' XFSZ; ulimit -f 1; exec \"$@\"", "sh", BINARY, "bench",
                     f"{HOST}:{server.port}", "-f", "digits:10", "--count", "10", form, path],
                    capture_output=True, timeout=TIMEOUT, check=False)
                self.assertEqual(FAILED, done.returncode)
                self.assert_error(done.stderr, "bench", f"cannot write '{path}': file too large")
                self.assertEqual([path] if old else [], list(folder.iterdir()))
                self.assertEqual(old, path.read_text() if old else None)


class Load(BenchTest):

    def test_count_is_exact(self):
        server = self.echo_server()
        for words in (("--count", "1"), ("--count", "1001", "--connections", "7"),
                      ("--count", "3", "--connections", "5"),
                      ("--count", "1001", "--connections", "7", "--threads", "2", "-n", "9"),
                      ("--count", "101", "--rate", "1000", "--connections", "4")):
            with self.subTest(words):
                self.assertEqual(int(words[1]), self.bench(server, *words)["messages"])

    def test_sizes(self):
        server = self.echo_server()
        for size in ("0", "1", "7", "8", "4096", "100kB", "1MiB"):
            with self.subTest(size):
                self.bench(server, "--size", size, "--count", "40", "--in-flight", "4")
        for sizes in ("0..40", "16..4096", "60KiB..70KiB"):
            with self.subTest(sizes):
                first, again = (self.bench(server, "--size", sizes, "--count", "300", "-n", "50")
                                for _ in range(2))
                self.assertEqual(first["bytes_sent"], again["bytes_sent"])

    def test_more_than_the_socket_takes(self):
        """What it does not take is sent later, from the same numbers."""
        server = self.echo_server()
        report = self.bench(server, "--size", "300kB", "--count", "60", "--in-flight", "60")
        self.assertEqual(60, report["messages"])
        report = self.bench(server, "--size", "1000..2000", "--count", "30000", "-n", "5000")
        self.assertEqual(30_000, report["messages"])

    def test_a_file_as_payload(self):
        server = self.echo_server()
        path = self.file_with(b"\x00\xff\n" * 100)
        report = self.bench(server, "--payload", path, "--count", "50")
        self.assertEqual(50 * 310, report["bytes_sent"])
        large = self.file_with(b"x" * 50_000)
        self.assertEqual(50 * 50_010, self.bench(server, "--payload", large, "--count",
                                                 "50")["bytes_sent"])

    def test_other_services(self):
        thanks = self.echo_server("line", "--service", "reply:Thank you")
        self.bench(thanks, "--count", "20", "--expect", "reply:Thank you", spec="line")
        self.bench(thanks, "--count", "20", "--expect", "any", spec="line")
        done = self.run_command("bench", f"{HOST}:{thanks.port}", "-f", "line", "--count", "20")
        self.assertEqual(FAILED, done.returncode)
        self.assertIn(b"20 mismatched", done.stderr)

    def test_protocols_by_name(self):
        for protocol in ("walkthrough", "acknowledge"):
            with self.subTest(protocol):
                server = self.server(protocol, "--quiet")
                out = self.assert_done("bench", protocol, f"{HOST}:{server.port}", "--count", "20",
                                       "--json", "-")
                self.assertEqual(20, json.loads(out)["messages"])

    def test_local_sockets(self):
        address = self.unix_address()
        server = self.start([BINARY, "serve", "-q", "-f", "line", address])
        self.wait_for(lambda: os.path.exists(address[5:]))
        out = self.assert_done("bench", address, "-f", "line", "--count", "100", "--json", "-",
                               "--connections", "3")
        self.assertEqual(100, json.loads(out)["messages"])

    def test_threads_share_the_connections(self):
        server = self.echo_server()
        report = self.bench(server, "--threads", "2", "--connections", "6", "--in-flight", "20",
                            "--duration", "700ms")
        self.assertGreater(report["messages"], 100)
        report = self.bench(server, "--threads", "2", "--connections", "3", "--rate", "500",
                            "--duration", "1s")
        self.assertEqual(500, report["messages"])

    def test_warm_up_is_not_recorded(self):
        report = self.bench(self.echo_server(), "--rate", "1000", "--warm-up", "500ms",
                            "--duration", "500ms")
        self.assertEqual(500, report["messages"])

    def test_ramp(self):
        report = self.bench(self.echo_server(), "--connections", "5", "--ramp", "200ms",
                            "--count", "10")
        self.assertEqual(10, report["messages"])

    def test_sources(self):
        server = self.server("--framing", "line")
        self.bench(server, "--source", "127.1.2.0/24", "--connections", "2", "--count", "2",
                   spec="line")
        server.wait_for_lines(5)
        for host in ("127.1.2.1", "127.1.2.2"):
            self.assertIn(f"('{host}', ".encode(), bytes(server.out))


class OnATerminal(BenchTest):

    def test_a_line_says_how_it_goes(self):
        server = self.echo_server()
        words = [BINARY, "bench", f"{HOST}:{server.port}", "-f", "digits:10", "--duration", "30s"]
        terminal = Terminal(self, words)
        pattern = r"\d+ s of 30 s  [\d ]+ messages/s  p99 [\d.]+ (us|ms)  1 open  0 errors"
        terminal.wait_for(
            pattern, lambda: re.fullmatch(pattern, "\n".join(terminal.screen.lines())))
        terminal.press(CTRL_C)
        self.assertEqual(FAILED, terminal.finish(), terminal.report())
        self.assertNotIn("open  0 errors", "\n".join(terminal.screen.lines()))


class Thresholds(BenchTest):

    def run_with(self, server, *words):
        return self.run_command("bench", f"{HOST}:{server.port}", "-f", "digits:10", "--count",
                                "100", *words)

    def test_kept(self):
        server = self.echo_server()
        self.assert_done("bench", f"{HOST}:{server.port}", "-f", "digits:10", "--count", "100",
                         "--fail-if", "p99>60s", "--fail-if", "rate<1", "--fail-if", "max>1000s",
                         "--fail-if", "mean<1ns")

    def test_missed(self):
        server = self.echo_server()
        for condition, found in (("p50>1ns", r"p50 is [\d.]+ (us|ms)"),
                                 ("p99.99>0.5us", r"p99\.99 is "), ("max<100s", "max is "),
                                 ("mean>0ns", "mean is "), ("rate<1000000000", r"rate is [\d ]+")):
            with self.subTest(condition):
                done = self.run_with(server, "--fail-if", condition)
                self.assertEqual(MISSED, done.returncode)
                self.assertIn(b"latency", done.stdout)
                self.assertRegex(done.stderr.decode(),
                                 r"\Aframewire bench: threshold missed: fail if "
                                 rf"{re.escape(condition)}, and {found}")

    def test_each_that_is_missed_is_named(self):
        done = self.run_with(self.echo_server(), "--fail-if", "p50>1ns", "--fail-if", "p90>60s",
                             "--fail-if", "max>1ns")
        self.assertEqual(MISSED, done.returncode)
        self.assertEqual(2, done.stderr.count(b"framewire bench: "))

    def test_find_rate(self):
        server = self.echo_server()
        done = self.assert_done("bench", f"{HOST}:{server.port}", "-f", "digits:10", "--find-rate",
                                "p50<10s", "--duration", "50ms", "--timeout", "10s").decode()
        self.assertRegex(done, r"\A +1 000 messages/s: p50 is [\d.]+ (us|ms).*(passed|failed)\n")
        self.assertRegex(done, r"\nhighest rate with p50<10s: [\d ]+ messages/s\n")
        self.assertIn("open loop of", done)

    def test_no_rate_is_found(self):
        done = self.run_command("bench", f"{HOST}:{self.echo_server().port}", "-f", "digits:10",
                                "--find-rate", "p50<1ns", "--duration", "20ms", "--json", "-")
        self.assertEqual(FAILED, done.returncode)
        self.assertIsNone(json.loads(done.stdout)["find_rate"]["highest_rate"])
        self.assertIn(b"failed\n", done.stderr)
        self.assertIn(b"framewire bench: no rate keeps p50<1ns", done.stderr)


class WrongUsage(BenchTest):

    def test_refusals(self):
        for words, *parts in (
                (["--rate", "0"], "--rate", "at least 1"),
                (["--rate", "fast"], "--rate", "not a number"),
                (["--connections", "0"], "--connections", "at least 1"),
                (["--in-flight", "0"], "--in-flight", "at least 1"),
                (["--size", "many"], "--size", "'many'"), (["--size", "9..3"], "smaller"),
                (["--size", "1GiB"], "at most 16MiB"), (["--size", "..5"], "--size"),
                (["--expect", "nothing"], "--expect", "'nothing'"),
                (["--payload", "/nonexistent"], "/nonexistent"),
                (["--payload", "/dev/null", "--size", "5"], "--size"),
                (["--duration", "soon"], "--duration"), (["--timeout", "0"], "--timeout"),
                (["--threads", "2000"], "at most 1024"),
                (["--source", "::1"], "--source", "hint: "),
                (["--fail-if", "q98>1s"], "--fail-if", "'q98'"),
                (["--fail-if", "p101>1s"], "'p101'"), (["--fail-if", "p0>1s"], "'p0'"),
                (["--fail-if", "late.rate>1"], "'late.rate'"),
                (["--fail-if", "late.p99>1s"], "--rate"), (["--fail-if", "errors>5s"], "a number"),
                (["--fail-if", "p99=1s"], "'<' or '>'"), (["--fail-if", "p99>5"], "a time"),
                (["--fail-if", "p99>-5s"], "a time"), (["--fail-if", "rate<5s"], "a number"),
                (["--find-rate", "p99>5ms"], "--find-rate"),
                (["--find-rate", "rate<5"], "--find-rate"),
                (["--find-rate", "p99<5ms", "--rate", "5"], "--rate"),
                (["--find-rate", "p99<5ms", "--count", "5"], "--count"),
                (["nonsense"], "nonsense"), (["--", "Hello"], "messages")):
            with self.subTest(words):
                self.assert_fails(USAGE, ["bench", ":1", "-f", "line", *words], *parts)

    def test_framings_that_cannot(self):
        self.assert_fails(USAGE, ["bench", ":1", "-f", "raw"], "needs a framing", "fixed:N")
        self.assert_fails(USAGE, ["bench", ":1", "-f", "fixed:16", "--size", "64"], "fixed:16",
                          "--size")
        self.assert_fails(USAGE, ["bench", ":1", "-f", "u8", "--size", "16..300"], "300 bytes")
        self.assert_fails(USAGE, ["bench"], "which protocol or framing?")

    def test_a_local_socket_has_no_source(self):
        self.assert_fails(USAGE, ["bench", "unix:/x", "-f", "line", "--source", "127.0.0.1"],
                          "--source")

    def test_more_connections_than_descriptors(self):
        done = subprocess.run(
            ["prlimit", "--nofile=100", BINARY, "bench", ":1", "-f", "line", "-c", "90"],
            capture_output=True, timeout=20, check=False)
        self.assertEqual((FAILED, b""), (done.returncode, done.stdout))
        self.assert_error(done.stderr, "bench", "only 100 descriptors for 90 connections")

    def test_a_source_that_is_not_ours(self):
        server = self.echo_server()
        done = self.run_command("bench", f"{HOST}:{server.port}", "-f", "digits:10", "--source",
                                "192.0.2.1")
        self.assertEqual(FAILED, done.returncode)
        self.assert_error(done.stderr, "bench", "192.0.2.1: no address of this machine")


class Interrupted(BenchTest):

    def test_signals_end_it_with_a_report(self):
        server = self.echo_server()
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                path = f"{self.folder()}/report.json"
                running = self.start([BINARY, "bench", f"{HOST}:{server.port}", "-f", "digits:10",
                                      "--duration", "1min", "--json", path])
                self.wait_for(lambda: self.has_sent(running))
                running.child.send_signal(number)
                self.assertEqual(FAILED, running.finish(), running.report())
                self.assertIn(b"closed loop", running.out)
                self.assertIn(b"interrupted", running.err)
                report = json.loads(Path(path).read_text())
                self.assertTrue(report["interrupted"])
                self.assertLess(report["duration_seconds"], 60)

    def has_sent(self, running):
        """It is watching connections, and they are more than tried."""
        return running.open_sockets() > 0 and self.switches(running) > 100

    def switches(self, running):
        """How often its threads have waited: after each reply, at least."""
        return sum(int(re.search(r"(?m)^voluntary_ctxt_switches:\s*(\d+)", status.read_text())[1])
                   for status in Path(f"/proc/{running.child.pid}/task").glob("*/status"))

    def test_what_never_answers_is_left_by_the_second_signal(self):
        silent = self.server("--quiet", "--framing", "line", "--service", "discard")
        running = self.start([BINARY, "bench", f"{HOST}:{silent.port}", "-f", "line",
                              "--timeout", "10min"])
        self.wait_for(lambda: running.open_sockets() > 0)
        self.assertFalse(minds_signals(running.child))  # they are waited for, not caught
        for _ in range(2):
            running.child.send_signal(signal.SIGTERM)
            self.wait_for(lambda: not self.is_pending(running))
        self.assertEqual(FAILED, running.finish(), running.report())
        self.assertIn(b"1 missing", running.err)

    def is_pending(self, running):
        try:
            status = Path(f"/proc/{running.child.pid}/status").read_text()
        except FileNotFoundError:
            return False
        return any(int(found, 16) for found in re.findall(r"(?m)^S[hi][dg]Pnd:\s*(\w+)$", status))


if __name__ == "__main__":
    unittest.main()
