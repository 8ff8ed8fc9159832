"""`check`: our server passes, whatever the framing; options choose the cases; reports say the same.
"""
import json
import os
import re
import unittest
import xml.etree.ElementTree
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import mistaken_servers as mistaken
from checking import CheckTest
from command_line import HOST, free_port
from mistaken_servers import MistakenServer


class OurServer(CheckTest):

    def test_it_passes(self):
        server = self.server("digits:10")
        found, text = self.check(server.port, "-f", "digits:10", "--parallel", "8")
        self.assertEqual({"pass", "skipped"}, set(found), text)
        self.assertEqual(["payload.too-large", "load.unread"], found["skipped"])
        self.assertGreater(len(found["pass"]), 30)

    def test_it_passes_as_a_protocol(self):
        rows = {row["name"]: row for row in json.loads(self.assert_done("protocols", "--json"))}
        names = ("walkthrough", "greeting", "echo", "acknowledge")
        servers = [self.server(name) for name in names]

        def check(server, name):
            return self.check(server.port, "--framing", rows[name]["framing"], "--service",
                              rows[name]["service"], "--parallel", "8")

        with ThreadPoolExecutor(4) as runs:
            for name, (found, text) in zip(names, runs.map(check, servers, names)):
                with self.subTest(name):
                    self.assertEqual(set(), set(found) - {"pass", "skipped"}, text)

    def test_it_passes_over_tls(self):
        folder = self.folder()
        self.assert_done("certificate", "localhost", HOST, "--folder", folder)
        server = self.server("digits:10", "--tls-cert", f"{folder}/localhost.pem",
                             "--tls-key", f"{folder}/localhost.key")
        found, text = self.check(server.port, "-f", "digits:10", "--tls-ca", f"{folder}/ca.pem",
                                 "--only", "pieces,payload,length", "--parallel", "4")
        self.assertEqual({"pass", "skipped"}, set(found), text)


class Options(CheckTest):

    def test_cases_are_chosen(self):
        server = self.server("digits:10")
        found, _ = self.check(server.port, "-f", "digits:10", "--only", "101,length",
                              "--exclude", "length.plus", "--exclude", "302,303")
        self.assertEqual(["pieces.whole", "length.underscore"], found["pass"][:2])
        self.assert_fails(2, ["check", f":{server.port}", "-f", "line", "--only", "piece"],
                          "there is no case 'piece'", "did you mean 'pieces'?")

    def test_cases_are_listed(self):
        everything = self.assert_done("check", "--list").decode()
        self.assertGreater(len(re.findall(r"(?m)^\d{3}  [\w.-]+ +(?:must|should) ", everything)),
                           40)
        of_lines = self.assert_done("check", "--list", "line").decode()
        self.assertNotIn("length.plus", of_lines)
        self.assertIn("pieces.split", of_lines)

    def test_given_messages(self):
        server = self.server("mllp", "--service", "acknowledge:OK")
        found, text = self.check(server.port, "-f", "mllp", "--service", "any", "--message",
                                 "MSH|1", "-e", "--message", r"MSH|\x32", "--parallel", "8")
        self.assertEqual({"pass", "skipped"}, set(found), text)
        self.assertIn("payload.binary", found["skipped"])
        self.assertTrue(text.startswith(
            f"mllp at {HOST}:{server.port}: one reply to each message\n"), text)

    def test_a_server_that_does_not_reply(self):
        server = self.server("line", "--service", "discard")
        found, text = self.check(server.port, "-f", "line", "--service", "any", "--timeout",
                                 "500ms", "--parallel", "8")
        self.assertEqual({"pass", "skipped"}, set(found), text)
        self.assertIn(": no replies\n", text)

    def test_memory(self):
        server = self.server("digits:10")
        done = self.run_command("check", "digits:10", f"{HOST}:{server.port}", "--only",
                                "load.unread,pieces.whole", "--pid", server.child.pid,
                                "--report", "json")
        whole, unread = json.loads(done.stdout)["cases"]
        self.assertNotIn("memory", whole)
        self.assertEqual("pass", unread["verdict"], unread)
        self.assertGreaterEqual(unread["memory"]["most"], unread["memory"]["before"])
        self.assertGreater(unread["memory"]["before"], 1 << 20)

    def test_what_cannot_be_checked(self):
        nobody = 1 << 22  # above all numbers of processes
        self.assert_fails(2, ["check", ":7000", "-f", "digits:10", "--pid", nobody],
                          f"--pid: the memory of process {nobody} cannot be read")
        self.assert_fails(2, ["check", ":7000", "-f", "digits:10", "--pid", os.getpid(),
                              "--parallel", "2"], "not with --parallel")
        self.assert_fails(1, ["check", f":{free_port()}", "-f", "digits:10"], "cannot connect",
                          "connection refused")
        self.assert_fails(2, ["check", ":7000", "-f", "digits:10", "--service", "relay"],
                          "service 'relay' cannot be checked")
        self.assert_fails(2, ["check", ":7000", "-f", "digits:10", "--report", "yaml"], "yaml",
                          "hint: text, json, junit, html or tap")


class OwnCases(CheckTest):

    def transcript(self, name, text):
        path = Path(self.folder()) / f"{name}.transcript"
        path.write_text(text)
        return path

    def test_they_are_played(self):
        server = self.server("digits:10")
        right = self.transcript("greeting", '''# A greeting comes back, whatever its pieces.
framing digits:10
< "00000"
< "00005Hello"
= frame "Hello" at 0
> "0000000005Hello"
< eof
''')
        found, text = self.check(server.port, right)
        self.assertEqual({"pass": ["greeting"]}, found)
        self.assertIn("A greeting comes back, whatever its pieces.", text)
        wrong = self.transcript("shouting", '''framing digits:10
< "0000000005Hello"
> "0000000005HELLO"
''')
        found, text = self.check(server.port, right, wrong, status=1)
        self.assertEqual({"pass": ["greeting"], "fail": ["shouting"]}, found)
        self.assertIn("line 3: expected '\"0000000005HELLO\"', but the server sent "
                      "'\"0000000005Hello\"'", " ".join(text.split()))

    def test_files_that_are_none(self):
        self.assert_fails(2, ["check", ":7000", "/nonexistent/x.transcript"], "no such file")
        right = self.transcript("right", "framing digits:10\n")
        for option, value in (("--service", "echo"), ("--message", "Hi"), ("--only", "pieces"),
                              ("--exclude", "102")):
            self.assert_fails(2, ["check", ":7000", right, option, value],
                              "has no use beside transcripts")
        self.assert_fails(2, ["check", ":7000", self.transcript("bad", "framing digits:10\nx\n")],
                          "line 2")


class Reports(CheckTest):

    def setUp(self):
        self.faulty = MistakenServer(self, mistaken.one_recv_for_each_part)

    def report(self, form):
        done = self.run_command("check", "digits:10", f"{HOST}:{self.faulty.port}", "--only",
                                "pieces,204", "--timeout", "1s", "--report", form)
        self.assertEqual((1, b""), (done.returncode, done.stderr))
        return done.stdout.decode()

    def test_json(self):
        report = json.loads(self.report("json"))
        self.assertEqual((1, "digits:10"), (report["skipped"], report["framing"]))
        cases = {case["name"]: case for case in report["cases"]}
        self.assertEqual("pass", cases["pieces.whole"]["verdict"])
        split = cases["pieces.split"]
        self.assertEqual(("fail", 102, "must", 0), (split["verdict"], split["case"],
                                                    split["level"], split["offset"]))
        self.assertEqual('the reply "message 0" to message 1 of 2', split["expected"])
        self.assertIn("max", cases["payload.too-large"]["reason"])

    def test_junit(self):
        suite = xml.etree.ElementTree.fromstring(self.report("junit"))
        cases = {case.get("name"): case for case in suite}
        self.assertEqual(str(len(cases)), suite.get("tests"))
        self.assertEqual([], list(cases["101 pieces.whole"]))
        failure = cases["102 pieces.split"].find("failure")
        self.assertRegex(failure.text, 'sent      "0+", and later "0')
        self.assertIsNotNone(cases["204 payload.too-large"].find("skipped"))

    def test_tap(self):
        lines = self.report("tap").splitlines()
        self.assertEqual(["TAP version 13", "1..5", "ok 1 - 101 pieces.whole",
                          "not ok 2 - 102 pieces.split"], lines[:4])
        self.assertIn("ok 5 - 204 payload.too-large # SKIP the framing has no option max, such as "
                      "max=64KiB", lines)

    def test_html(self):
        done = self.run_command("check", "digits:10", f"{HOST}:{self.faulty.port}", "--only",
                                "pieces,204", "--timeout", "1s", "--report", "html",
                                "--message", '<b>&"there"')
        page = done.stdout.decode()
        self.assertEqual((1, b""), (done.returncode, done.stderr))
        body = page.partition("<body>")[2].removesuffix("</body></html>\n")
        tree = xml.etree.ElementTree.fromstring(  # closed and escaped as in XML
            f"<body>{body.replace(' open>', '>')}</body>")
        counts = [item.find("b").text for item in tree.find("ul")]
        self.assertEqual(["2", "2", "0", "1"], counts)
        split = next(case for case in tree.iter("details")
                     if "pieces.split" in "".join(case.itertext()))
        self.assertEqual("case fail", split.get("class"))
        self.assertIn('and later "000000', "".join(split.itertext()))
        self.assertIn(r'<b>&\"there\"', "".join(tree.itertext()))
        self.assertNotRegex(page, r"(?i)src=|href=|url\(|@import|<script")

    def test_a_file(self):
        path = Path(self.folder()) / "report.xml"
        found, text = self.check(self.faulty.port, "-f", "digits:10", "--only", "pieces",
                                 "--report", "junit", "--output", path, "--timeout", "1s",
                                 status=1)
        self.assertIn("pieces.split", found["fail"], text)
        self.assertEqual("testsuite", xml.etree.ElementTree.parse(path).getroot().tag)
        self.assert_fails_to_write("/nonexistent/report.xml")

    def test_conversations(self):
        folder = Path(self.folder()) / "conversations"
        done = self.run_command("check", "digits:10", f"{HOST}:{self.faulty.port}", "--only",
                                "102,103", "--timeout", "1s", "--record", folder)
        self.assertEqual((1, b""), (done.returncode, done.stderr))
        names = ["102-pieces.split.transcript", "103-pieces.bytewise.transcript"]
        self.assertEqual(names, sorted(path.name for path in folder.iterdir()))
        text = (folder / names[0]).read_text()
        self.assertRegex(text, r"# A message may arrive in any two pieces, and is the same\.\n"
                               r"# case: cut before byte \d+\n# expected: the reply .*\n"
                               r"# seen: .*\nframing digits:10\n(@ .*\n)?< \"0")
        # What has happened happens again.
        found, text = self.check(self.faulty.port, folder / names[0])
        self.assertEqual({"pass": ["102-pieces.split"]}, found, text)
        done = self.run_command("check", "digits:10", f"{HOST}:{self.faulty.port}", "--only",
                                "102", "--timeout", "1s", "--record", "/proc/nowhere")
        self.assertEqual(1, done.returncode)
        self.assert_error(done.stderr, "check", "/proc/nowhere/102-pieces.split.transcript")

    def assert_fails_to_write(self, path):
        done = self.run_command("check", "digits:10", f"{HOST}:{self.faulty.port}", "--only",
                                "101", "--report", "json", "--output", path)
        self.assertEqual(1, done.returncode)
        self.assert_error(done.stderr, "check", path)


if __name__ == "__main__":
    unittest.main()
