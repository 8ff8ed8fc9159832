"""`bench`: what its reports know of a run besides its numbers, conditions, comparisons."""
import json
import signal
import socket
import time
import unittest
from pathlib import Path

import bench_servers as servers
from command_line import BINARY, HOST, TIMEOUT, CommandTest

PERCENTILE_COLUMNS = 4


class ReportTest(CommandTest):

    def setUp(self):
        self.server_of_frames = servers.FrameServer(self, servers.echo)

    def words(self, *words):
        return ["bench", f"{HOST}:{self.server_of_frames.port}", "-f", "digits:10", *words]

    def report(self, *words, status=0):
        done = self.run_command(*self.words("--json", "-", *words))
        self.assertEqual(status, done.returncode, done)
        return json.loads(done.stdout)


class Facts(ReportTest):

    def test_where_when_and_how(self):
        report = self.report("--count", "10", "--size", "16..20")
        self.assertEqual(socket.gethostname(), report["host"]["name"])
        self.assertGreaterEqual(report["host"]["processors"], 1)
        self.assertRegex(report["started"], r"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z")
        self.assertRegex(report["version"], r"\A\d+\.\d+")
        self.assertIn("framewire bench 127.0.0.1:", report["command_line"])
        self.assertIn(" -f digits:10 --json - --count 10 --size 16..20", report["command_line"])

    def test_settings_are_numbers_where_they_are(self):
        settings = self.report("--count", "10", "-c", "2", "--timeout", "3s")["settings"]
        self.assertEqual([2, 1, 10, 3, 64, None], [settings[name] for name in (
            "connections", "in_flight", "count", "timeout_seconds", "size", "rate")])

    def test_the_page_has_them(self):
        path = Path(self.folder()) / "page.html"
        self.assert_done(*self.words("--count", "50", "--html", path, "--fail-if", "p99 > 60s"))
        page = path.read_text()
        for part in (socket.gethostname(), "framewire bench 127.0.0.1:", "fail if p99&gt;60s",
                     "kept: p99 is ", 'id="histogram"', 'id="p99"', 'id="throughput"'):
            self.assertIn(part, page)


class Conditions(ReportTest):

    def test_the_verdicts_are_reported(self):
        report = self.report("--count", "50", "--fail-if", "p95 < 60 s", "--fail-if", "p75>60s",
                             "--fail-if", "rate>=1", status=3)
        self.assertEqual([("p95<60s", True), ("p75>60s", False), ("rate>=1", True)],
                         [(one["condition"], one["missed"]) for one in report["fail_if"]])
        self.assertEqual([report["p95_us"], report["p75_us"], report["messages_per_second"]],
                         [one["found"] for one in report["fail_if"]])

    def test_errors_may_be_tolerated(self):
        self.server_of_frames = servers.FrameServer(self, servers.alters(5, servers.flipped))
        self.report("--count", "20", "--fail-if", "errors > 3")
        self.server_of_frames = servers.FrameServer(self, servers.alters(5, servers.flipped))
        done = self.run_command(*self.words("--count", "20", "--fail-if", "errors>0"))
        self.assertEqual(3, done.returncode)
        self.assertIn(b"fail if errors>0, and there was 1 error", done.stderr)

    def test_the_trials_of_a_search(self):
        path = Path(self.folder()) / "page.html"
        found = self.report("--find-rate", "p50 < 1ns", "-d", "10ms", "--html", path,
                            status=1)["find_rate"]
        self.assertEqual(("p50<1ns", None), (found["condition"], found["highest_rate"]))
        rates = [trial["rate"] for trial in found["trials"]]
        self.assertEqual([1000, 1000, 500, 500], rates[:4])
        self.assertEqual({False}, {trial["passed"] for trial in found["trials"]})
        for trial in found["trials"]:
            self.assertIn("p99_us", trial)
        self.assertIn('id="rates"', path.read_text())


class ALateGenerator(ReportTest):

    def test_it_says_by_how_much_and_that_it_was_this_machine(self):
        path = Path(self.folder()) / "report.json"
        words = self.words("-r", "1000", "-d", "1s", "--json", path, "--fail-if", "p99>20ms",
                           "--fail-if", "late.p50>10s")
        running = self.start([BINARY, *map(str, words)])
        self.wait_until(lambda: self.server_of_frames.frames > 100)
        running.child.send_signal(signal.SIGSTOP)
        time.sleep(0.3)
        running.child.send_signal(signal.SIGCONT)
        self.assertEqual(3, running.finish(), running.report())
        report = json.loads(path.read_text())
        self.assertGreater(report["late"]["p99_us"], 100_000)
        self.assertGreaterEqual(report["p99_us"], report["late"]["p99_us"])
        self.assertRegex(report["notes"][0], r"\Alate by [\d.]+ ms at p99: this program or its ")
        self.assertIn(f"\n  {report['notes'][0]}\n".encode(), running.out)
        self.assertIn(f"hint: {report['notes'][0]}\n".encode(), running.err)

    def test_a_late_server_is_not_blamed_on_it(self):
        self.server_of_frames = servers.FrameServer(self, servers.slow_now_and_then(100, 0.2))
        report = self.report("-r", "500", "-d", "1s", "-n", "1")
        self.assertGreater(report["p99_us"], 150_000)
        self.assertLess(report["late"]["p99_us"], report["p99_us"] / 2)
        self.assertEqual([], [note for note in report["notes"] if "late" in note])

    def wait_until(self, condition):
        deadline = time.monotonic() + TIMEOUT
        while not condition():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.005)


class Comparisons(ReportTest):

    def earlier(self, **changed):
        path = Path(self.folder()) / "old.json"
        report = self.report("--count", "100")
        path.write_text(json.dumps({**report, **changed}))
        return path

    def test_the_change_is_shown(self):
        over_time = [[1.0, 1e9, 100.0, 80.0], [2.0, 1.1e9, 120.0, 90.0], [2.1, 5.0, 1.0, 1.0]]
        path = self.earlier(messages_per_second=1e9, over_time=over_time)
        out = self.assert_done(*self.words("--count", "100", "-c", "2", "--compare",
                                           path)).decode()
        self.assertRegex(out, r"\n  messages/s +1 000 000 000 \+- 70 710 678 +[\d ]+ +-\d+\.\d %\n")
        self.assertRegex(out, r"\n  p50 +\S+ [mu]s \+- 7\.07 us +\S+ [mu]s +[+-]\d+\.\d %\n")
        self.assertRegex(out, rf"\n  before: {path}, of \d{{4}}-")
        self.assertIn("\n  not the same: connections: 1, now 2\n", out)

    def test_a_change_within_the_spread(self):
        over_time = [[1.0, 1.0, 1.0, 1.0], [2.0, 1e9, 1e9, 1e9], [3.0, 1.0, 1.0, 1.0]]
        path = self.earlier(over_time=over_time)
        words = ("-r", "50", "-d", "2100ms", "--compare", path)
        rows = {row["name"]: row for row in self.report(*words)["compared"]["rows"]}
        self.assertEqual((False, False), (rows["messages/s"]["clear"], rows["p99"]["clear"]))
        self.assertIsNone(rows["max"]["clear"])

    def test_what_is_no_report(self):
        for content in (b"", b"{}", b"[1]"):
            with self.subTest(content):
                self.assert_fails(2, self.words("--compare", self.file_with(content)),
                                  "--compare: ", "is not a report", "hint: ")


class Percentiles(ReportTest):

    def test_a_file_for_the_plotter_of_hdr_histogram(self):
        path = Path(self.folder()) / "latency.hgrm"
        report = self.report("--count", "1000", "--hdr", path)
        lines = path.read_text().splitlines()
        self.assertEqual(["Value", "Percentile", "TotalCount", "1/(1-Percentile)"],
                         lines[0].split())
        rows = [line.split() for line in lines if line and line[0] != "#"][1:]
        finite = [tuple(map(float, row)) for row in rows if len(row) == PERCENTILE_COLUMNS]
        self.assertEqual(len(rows) - 1, len(finite))
        for column in range(PERCENTILE_COLUMNS):
            values = [row[column] for row in finite]
            self.assertEqual(sorted(values), values)
        for value, part, count, inverse in finite:
            self.assertGreaterEqual(count, 1000 * part)
            self.assertAlmostEqual(inverse * (1 - part), 1, places=2)
            self.assertLessEqual(value * 1000, report["max_us"])
        self.assertAlmostEqual(report["max_us"], float(rows[-1][0]) * 1000, places=2)
        self.assertEqual(["1.000000000000", "1000"], rows[-1][1:])
        self.assertIn("Total count    =         1000]", lines[-2])


if __name__ == "__main__":
    unittest.main()
