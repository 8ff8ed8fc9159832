"""`./run compare` itself: short runs of few peers, and runs that are broken off."""
import json
import os
import re
import select
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(os.environ.get("FRAMEWIRE_SOURCE", Path(__file__).resolve().parents[2]))
PROGRAM = [sys.executable, "-B", ROOT / "bench/compare/compare.py"]
SHORT = ["--peers", "floor,asyncio", "--loads", "1x1x64B", "--seconds", "0.05"]
DEADLINE_SECONDS = 60


def needs_two_cores():
    if len(os.sched_getaffinity(0)) < 2:
        raise unittest.SkipTest("there is only one core")


class Compare(unittest.TestCase):

    def setUp(self):
        needs_two_cores()
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def run_program(self, *words):
        return subprocess.run([*PROGRAM, *words], cwd=self.folder.name, capture_output=True,
                              text=True, timeout=DEADLINE_SECONDS, check=False)

    def test_a_short_run(self):
        done = self.run_program(*SHORT, "--rounds", "2", "--json", "all.json")
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertRegex(done.stdout, r"(?m)^1 connection x 1 in flight x 64 B$")
        self.assertRegex(done.stdout, r"(?m)^  floor +[\d ]+ +1\.00 \(1\.00 to 1\.00\)")
        self.assertRegex(done.stdout, r"(?m)^  asyncio +[\d ]+ +\d+\.\d\d \(")
        self.assertIn("round 2 of 2", done.stderr)
        with open(Path(self.folder.name, "all.json"), encoding="utf-8") as file:
            said = json.load(file)
        self.assertEqual([(0, "floor"), (0, "asyncio"), (1, "asyncio"), (1, "floor")],
                         [(sample["round"], sample["peer"]) for sample in said["samples"]])
        for sample in said["samples"]:
            self.assertGreater(sample["cpu_ns_per_message"], 0)
            self.assertGreater(sample["busy"], 0)

    def test_idle_connections(self):
        done = self.run_program("--peers", "asyncio", "--idle", "30")
        self.assertEqual(0, done.returncode, done.stderr)
        for name in ("floor", "asyncio"):
            self.assertRegex(done.stdout, rf"(?m)^  {name} +-?\d+ +-?\d+ +30$")
        self.assertRegex(done.stdout, r"(?m)^  floor, to its first reply( +\d+\.\d){3}$")

    def test_durable(self):
        done = self.run_program("--durable", "--peers", "sqlite_batches", "--loads",
                                "50x1x64B,50x16x64B", "--rounds", "1", "--seconds", "0.1")
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertRegex(done.stdout, r"(?m)^50 connections x 16 in flight x 64 B$")
        self.assertEqual(2, len(re.findall(r"(?m)^  sqlite_batches +[\d ]+ +\d+\.\d\d$",
                                           done.stdout)), done.stdout)
        self.assertRegex(done.stdout, r"A flush of 8 KiB took \d+\.\d\d ms")

    def test_wrong_words(self):
        for words in (["--peers", "foo"], ["--loads", "foo"], ["--rounds", "0"], ["--foo"],
                      ["--idle", "0", "--rounds", "0"]):
            with self.subTest(words=words):
                done = self.run_program(*words)
                self.assertNotEqual(0, done.returncode)
                self.assertIn("foo" if "foo" in str(words) else "rounds", done.stderr)

    def test_one_core_is_not_enough(self):
        done = subprocess.run(["taskset", "-c", str(min(os.sched_getaffinity(0))), *PROGRAM],
                              capture_output=True, text=True, timeout=DEADLINE_SECONDS,
                              check=False)
        self.assertEqual((1, ""), (done.returncode, done.stdout))
        self.assertIn("two cores", done.stderr)

    def test_broken_off_it_leaves_no_server_behind(self):
        for how, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)):
            with self.subTest(signal=how.name):
                self.assertEqual(status, self.broken_off(how))

    def broken_off(self, how):
        child = subprocess.Popen([*PROGRAM, *SHORT, "--rounds", "100000"],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        with child:
            try:
                while b"round" not in child.stderr.readline():
                    self.assertIsNone(child.poll())
                servers = children_of(child.pid)
                self.assertGreaterEqual(len(servers), 2)
                child.send_signal(how)
                child.wait(DEADLINE_SECONDS)
            finally:
                child.kill()
                child.stderr.close()
        for server in servers:
            self.assertTrue(select.select([server], [], [], DEADLINE_SECONDS)[0], "still there")
            os.close(server)
        return child.returncode


def children_of(pid):
    """A descriptor for each, which becomes readable when the child ends."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8")
    return [os.pidfd_open(int(child)) for child in found.split()]


if __name__ == "__main__":
    unittest.main()
