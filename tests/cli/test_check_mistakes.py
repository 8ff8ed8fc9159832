"""`check`: servers with the usual mistakes, and the four programs of tutorials, fail the cases that
say what is wrong with them.
"""
import json
import os
import re
import subprocess
import sys
import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import mistaken_servers as mistaken
from checking import CheckTest
from command_line import HOST, TIMEOUT, free_port
from mistaken_servers import MistakenServer
from programs import PEERS

DOCUMENT = Path(__file__).resolve().parents[2] / "docs/check.md"


class Mistakes(CheckTest):
    """Each is found by a case that names it."""

    def assert_found(self, serve, case, *parts, ends_on_error=False, spec="digits:10"):
        server = MistakenServer(self, serve, ends_on_error)
        found, text = self.check(server.port, "-f", spec, "--only", case, "--timeout", "1s",
                                 status=1)
        self.assertEqual({"fail": [case]}, found, text)
        told = " ".join(text.split())
        for part in parts:
            self.assertIn(part, told)

    def test_the_right_one_has_none(self):
        server = MistakenServer(self, mistaken.right)
        found, text = self.check(server.port, "-f", "digits:10", "--parallel", "8")
        self.assertEqual({"pass", "skipped"}, set(found), text)

    def test_one_recv_for_each_part(self):
        for case in ("pieces.split", "pieces.bytewise", "payload.large", "load.slow"):
            with self.subTest(case):
                self.assert_found(mistaken.one_recv_for_each_part, case, "call it again")

    def test_one_recv_for_each_message(self):
        self.assert_found(mistaken.one_recv_for_each_message, "pieces.coalesced",
                          "dropped the bytes after it: keep them")

    def test_two_messages_for_one(self):
        self.assert_found(mistaken.takes_two_for_one, "pieces.coalesced",
                          "took two messages for one")

    def test_a_length_that_is_off_by_one(self):
        self.assert_found(mistaken.header_says_one_more, "pieces.whole",
                          "seen an incomplete reply", "check what the header counts")
        self.assert_found(mistaken.reads_one_less, "pieces.whole", 'seen the reply "Hell" at 0',
                          "check what the header counts")

    def test_characters_for_bytes(self):
        self.assert_found(mistaken.counts_characters, "payload.multibyte", "len() of a text")

    def test_a_reply_without_header(self):
        self.assert_found(mistaken.replies_without_header, "pieces.whole", "frame.syntax at 0",
                          "write a header before each reply")

    def test_the_header_in_the_payload(self):
        self.assert_found(mistaken.replies_with_two_headers, "pieces.whole",
                          "sent the header as part of the payload")

    def test_lengths_that_are_none(self):
        for case in ("length.plus", "length.minus", "length.space", "length.underscore"):
            with self.subTest(case):
                self.assert_found(mistaken.trusts_int, case, "Accept digits only")

    def test_no_bound(self):
        self.assert_found(mistaken.right, "payload.too-large", "before you allocate",
                          spec="digits:10,max=100")

    def test_a_first_frame_of_another_framing(self):
        spec = "digits:10,first=digits:4"
        one_recv = mistaken.first_then_right(mistaken.length_of, lambda sock, size: sock.recv(size))
        self.assert_found(one_recv, "first.split", "call it again, in a loop", spec=spec)
        lenient = mistaken.first_then_right(int, mistaken.exactly)
        self.assert_found(lenient, "first.spoiled", "Check the first frame", spec=spec)
        server = MistakenServer(self, mistaken.first_then_right(mistaken.length_of,
                                                                mistaken.exactly))
        found, text = self.check(server.port, "-f", spec, "--only", "first")
        self.assertEqual({"pass": ["first.split", "first.spoiled"]}, found, text)

    def test_payloads_that_are_changed_or_refused(self):
        self.assert_found(mistaken.strips, "payload.lines", "neither decode nor strip")
        self.assert_found(mistaken.needs_text, "payload.not-utf8", "Keep payloads as bytes")
        self.assert_found(mistaken.takes_empty_for_the_end, "payload.empty",
                          "A payload of no bytes is a message")

    def test_replies_that_are_missing_at_the_end(self):
        self.assert_found(mistaken.drops_the_last_reply, "end.half-close",
                          "to message 20 of 20", "Send all replies that are due")

    def test_replies_in_another_order(self):
        self.assert_found(mistaken.out_of_order, "load.order", "replied out of order")

    def test_replies_that_nobody_takes(self):
        """The server is in this process."""
        for serve, verdict in ((mistaken.right, "pass"), (mistaken.hoards, "fail")):
            server = MistakenServer(self, serve)
            found, text = self.check(server.port, "-f", "digits:10", "--only", "load.unread",
                                     "--pid", os.getpid(), status=int(verdict == "fail"))
            self.assertEqual({verdict: ["load.unread"]}, found, text)
            self.assertRegex(text, r"memory    [\d.]+MiB before, [\d.]+MiB at most, [\d.]+MiB")
        self.assertIn("do not read its messages", text)

    def test_a_reply_to_what_is_incomplete(self):
        self.assert_found(mistaken.replies_to_the_incomplete, "end.truncated",
                          "discard the incomplete message")

    def test_replies_that_wait_for_the_end(self):
        self.assert_found(mistaken.reads_before_it_replies, "pieces.whole", "nothing within 1s")

    def test_a_pause_for_the_end(self):
        self.assert_found(mistaken.leaves_after_a_pause, "load.idle",
                          "only because nothing arrives for a moment")

    def test_an_end_at_the_first_wrong_byte(self):
        self.assert_found(mistaken.right, "protocol.http", "The server has ended",
                          ends_on_error=True)

    def test_one_client_at_a_time_is_a_warning(self):
        server = MistakenServer(self, mistaken.OneAtATime())
        found, text = self.check(server.port, "-f", "digits:10", "--only", "pieces,load",
                                 "--timeout", "500ms")
        self.assertEqual(["load.beside", "load.crowd"], found["warning"], text)
        self.assertIn("in a thread or task of its own", " ".join(text.split()))


class RestartedProgram:
    """One of the four programs of tutorials; started again whenever it ends, as several do."""

    def __init__(self, name):
        self.port = free_port()
        self.command = [sys.executable, PEERS / f"{name}_server.py", HOST, str(self.port)]
        self.lock = threading.Lock()
        self.stopped = False
        self.child = self.start()
        self.wait_until_it_listens()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def wait_until_it_listens(self):
        """Does not connect: not all of them survive that."""
        entry = f" 0100007F:{self.port:04X} 00000000:0000 0A "
        deadline = time.monotonic() + TIMEOUT
        while entry not in Path("/proc/net/tcp").read_text() and time.monotonic() < deadline:
            time.sleep(0.01)

    def start(self):
        return subprocess.Popen(self.command, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL)

    def run(self):
        while True:
            self.child.wait()
            with self.lock:
                if self.stopped:
                    return
                self.child = self.start()

    def stop(self):
        with self.lock:
            self.stopped = True
            self.child.kill()
        self.thread.join()


class Tutorials(CheckTest):
    """The table in docs/check.md is what a run finds."""

    def failed(self, name):
        program = RestartedProgram(name)
        try:
            done = self.run_command("check", name, f"{HOST}:{program.port}", "--report", "json",
                                    "--timeout", "1s", "--exclude", "load.crowd,load.pipelined")
        finally:
            program.stop()
        return [case["name"] for case in json.loads(done.stdout)["cases"]
                if case["verdict"] == "fail"]

    def test_the_example(self):
        command, told = re.search(r"(?m)^    \$ framewire (check walkthrough .*)\n((?:    .*\n)+)",
                                  DOCUMENT.read_text()).groups()
        program = RestartedProgram("walkthrough")
        try:
            words = command.split()
            words.insert(2, f"{HOST}:{program.port}")
            done = self.run_command(*words)
        finally:
            program.stop()
        printed = done.stdout.decode().replace(str(program.port), "1236")
        self.assertEqual(told, "".join(f"    {line}\n" for line in printed.splitlines()))

    def test_they_fail_where_the_document_says(self):
        section = DOCUMENT.read_text().partition("\n## The servers of the tutorials\n")[2]
        told = re.findall(r"^\| `(\w+)` \| (.*?) \|.*\|$", section, re.MULTILINE)
        self.assertEqual(4, len(told))
        with ThreadPoolExecutor(4) as runs:
            for (name, cases), failed in zip(told, runs.map(self.failed,
                                                            [name for name, _ in told])):
                with self.subTest(name):
                    self.assertEqual(cases, ", ".join(f"`{case}`" for case in failed))


if __name__ == "__main__":
    unittest.main()
