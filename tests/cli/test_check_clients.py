"""`check --listen`: clients with the usual mistakes fail the cases that say what is wrong with
them; ours and those of tutorials are run for each case.
"""
import json
import re
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import mistaken_clients as mistaken
from checking import LINE, CheckTest
from command_line import BINARY, HOST, free_port
from mistaken_clients import MistakenClient
from programs import PEERS

DOCUMENT = Path(__file__).resolve().parents[2] / "docs/check.md"


class ClientTest(CheckTest):

    def check_client(self, port, *words, status=0):
        """The names of the cases by verdict, and all that was printed."""
        done = self.run_command("check", "--listen", f"{HOST}:{port}", *words)
        text = done.stdout.decode()
        self.assertEqual(status, done.returncode, text + done.stderr.decode())
        found = {}
        for verdict, _, name in LINE.findall(text):
            found.setdefault(verdict, []).append(name)
        return found, " ".join(text.split())


class Mistakes(ClientTest):
    """Each is found by a case that names it."""

    def check_talk(self, talk, *words, status=1, spec="digits:10", timeout="1s", **how):
        client = MistakenClient(self, talk, **how)
        return self.check_client(client.port, "-f", spec, "--timeout", timeout, *words,
                                 status=status)

    def assert_found(self, talk, case, *parts, verdict="fail", **how):
        found, told = self.check_talk(talk, "--only", case, status=int(verdict == "fail"), **how)
        self.assertEqual({verdict: [case]}, found, told)
        for part in parts:
            self.assertIn(part, told)

    def test_the_right_one_has_none(self):
        found, told = self.check_talk(mistaken.right, spec="digits:10,max=100", timeout="3s",
                                      status=0)
        self.assertEqual({"pass", "skipped"}, set(found), told)
        self.assertEqual(["reply.coalesced"], found["skipped"])
        self.assertIn("length.plus", found["pass"])

    def test_what_it_sends_is_no_frame(self):
        found, told = self.check_talk(mistaken.without_header)
        self.assertEqual(["reply.whole"], found["fail"])
        self.assertIn('frame.syntax at 0: "Hello, is', told)
        self.assertGreater(len(found["skipped"]), 15)
        self.assertIn("does not take replies in one piece", told)

    def test_one_recv_for_a_reply(self):
        for case in ("reply.split", "reply.bytewise", "reply.slow"):
            with self.subTest(case):
                self.assert_found(mistaken.ask_with(mistaken.one_recv), case, "call it again")

    def test_one_recv_for_each_of_two(self):
        self.assert_found(mistaken.sends_ahead, "reply.coalesced", "keep the bytes after",
                          "expected 3 messages")

    def test_a_pause_for_the_end(self):
        self.assert_found(mistaken.ask_with(mistaken.takes_a_pause_for_the_end), "reply.slow",
                          'seen the message "again"')

    def test_lengths_that_are_none(self):
        for case in ("length.plus", "length.minus", "length.space", "length.underscore"):
            with self.subTest(case):
                self.assert_found(mistaken.ask_with(mistaken.trusts_int), case,
                                  "Accept digits only")

    def test_no_bound(self):
        self.assert_found(mistaken.ask_with(mistaken.reply_from), "payload.too-large",
                          "before you allocate", spec="digits:10,max=100")

    def test_ends_for_replies(self):
        for case in ("reply.truncated", "reply.missing"):
            with self.subTest(case):
                self.assert_found(mistaken.ask_with(mistaken.ends_are_empty_replies), case,
                                  "If recv() returns nothing", 'seen the message "again"')

    def test_other_protocols(self):
        self.assert_found(mistaken.ask_with(mistaken.header_is_optional), "reply.protocol",
                          "an HTTP response", "Check every byte")

    def test_the_end_before_the_reply(self):
        self.assert_found(mistaken.ask_with(mistaken.minds_the_end_first), "reply.half-close",
                          "Read the reply to its end")

    def test_it_does_not_come_back(self):
        self.assert_found(mistaken.right, "reply.reset",
                          "expected that the client connects again", timeout="200ms",
                          expected=(EOFError, ValueError, mistaken.NoReply))

    def test_what_is_unwise(self):
        self.assert_found(mistaken.ask_with(mistaken.reply_from), "reply.unasked",
                          "it is no reply to it", verdict="warning")
        self.assert_found(mistaken.ask_with(mistaken.waits_for_ever), "reply.silent",
                          "Set a timeout", verdict="warning")


class Commands(ClientTest):

    def check_command(self, command, *words, status=0):
        return self.check_client(free_port(), "--command", command, "--timeout", "500ms", *words,
                                 status=status)

    def test_send(self):
        found, told = self.check_command(f"{BINARY} send digits:10 {{address}} Hello", "-f",
                                         "digits:10", "--exclude", "reply.silent")
        self.assertEqual({"pass", "skipped", "warning"}, set(found), told)
        self.assertEqual(["reply.unasked"], found["warning"])

    def test_send_over_tls(self):
        folder = self.folder()
        self.assert_done("certificate", "localhost", HOST, "--folder", folder)
        found, told = self.check_command(
            f"{BINARY} send digits:10 {{address}} Hi --tls-ca {folder}/ca.pem",
            "-f", "digits:10", "--tls-cert", f"{folder}/localhost.pem",
            "--tls-key", f"{folder}/localhost.key", "--only", "reply.split,reply.missing,301")
        self.assertEqual({"pass": ["length.plus", "reply.split", "reply.missing"]}, found, told)

    def test_what_it_prints(self):
        """One that prints less than it has received is as successful."""
        client = ("import socket; s = socket.create_connection(('{host}', {port}));"
                  "s.sendall(b'Hello\\n'); print(s.recv(100).decode())")
        found, told = self.check_command(f'{sys.executable} -c "{client}"', "-f", "line",
                                         "--only", "reply.slow", status=1)
        self.assertEqual({"fail": ["reply.slow"]}, found)
        self.assertRegex(told, r'expected (it prints "Hello"|nothing before the reply)')

    def test_a_status_that_says_nothing(self):
        found, told = self.check_command(
            f"{BINARY} send digits:10 {{address}} Hello; true", "-f", "digits:10", "--only",
            "reply.missing", status=1)
        self.assertEqual({"fail": ["reply.missing"]}, found)
        self.assertIn("expected an exit status other than 0", told)

    def test_it_fails_always(self):
        found, told = self.check_command(f"{BINARY} send digits:10 {{address}} Hello; exit 3",
                                         "-f", "digits:10", "--only", "301", status=1)
        self.assertEqual({"fail": ["reply.whole"], "skipped": ["length.plus"]}, found, told)
        self.assertIn("seen exit status 3", told)

    def test_it_does_not_connect(self):
        self.assert_fails(1, ["check", "--listen", f"{HOST}:{free_port()}", "-f", "line",
                              "--command", "echo no idea >&2; exit 4"],
                          "ended with status 4, and has not connected", "no idea")

    def test_usage(self):
        for words, part in ((["--message", "Hi"], "--message has no use with --listen"),
                            (["--parallel", "2"], "--parallel has no use with --listen"),
                            (["--service", "any"], "--service any has no use")):
            self.assert_fails(2, ["check", "--listen", ":7000", "-f", "line", *words], part)
        self.assert_fails(2, ["check", ":7000", "-f", "line", "--command", "x"],
                          "--command needs --listen")

    def test_the_list(self):
        listed = self.assert_done("check", "--list", "--listen", "digits:4").decode()
        self.assertIn("reply.split", listed)
        self.assertIn("length.plus", listed)
        self.assertNotIn("pieces.split", listed)
        self.assertNotIn("reply.split", self.assert_done("check", "--list", "digits:4").decode())

    def test_json(self):
        done = self.run_command("check", "--listen", "digits:10", f"{HOST}:{free_port()}",
                                "--command", f"{BINARY} send digits:10 {{address}} Hello",
                                "--only", "reply.whole", "--report", "json")
        report = json.loads(done.stdout)
        self.assertEqual(("client", 1), (report["end"], report["passed"]))


class Tutorials(ClientTest):
    """The table in docs/check.md is what a run finds; cases with many programs are left out, and
    the reset, before which the system may have thrown the reply away or not."""

    LEFT_OUT = "305,306,307,310,reply.half-close,reply.protocol,reply.reset"

    def failed(self, name):
        input_of = {"walkthrough": r"Hello\nexit\n", "acknowledge": r"Hello\nexit\n"}
        client = PEERS / f"{name}_client.py"
        done = self.run_command(
            "check", "--listen", name, f"{HOST}:{free_port()}", "--report", "json", "--timeout",
            "500ms", "--exclude", self.LEFT_OUT, "--command",
            f"printf '{input_of[name]}' | {sys.executable} {client} {{host}} {{port}}")
        return [case["name"] for case in json.loads(done.stdout)["cases"]
                if case["verdict"] == "fail"]

    def test_they_fail_where_the_document_says(self):
        told = dict(re.findall(r"^\| `(\w+)_client` \| (.*?) \|.*\|$", DOCUMENT.read_text(),
                               re.MULTILINE))
        names = ("walkthrough", "acknowledge")
        with ThreadPoolExecutor(2) as runs:
            for name, failed in zip(names, runs.map(self.failed, names)):
                with self.subTest(name):
                    self.assertEqual(told[name], ", ".join(f"`{case}`" for case in failed))


if __name__ == "__main__":
    unittest.main()
