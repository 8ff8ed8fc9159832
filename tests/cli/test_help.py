"""The help pages: they succeed, fit a screen, end with examples, and promise nothing that the
command does not take: neither an option nor an example.
"""
import os
import pty
import re
import shlex
import subprocess
import unittest
from pathlib import Path

from captures import Capture
from command_line import BINARY, HOST, TIMEOUT, CommandTest

COMMANDS = ("serve", "connect", "send", "receive", "proxy", "trace", "replay", "bench",
            "check", "store", "certificate", "protocols", "framings")
PROTOCOL = re.compile(r"walkthrough|greeting|echo|acknowledge|mllp|syslog|line|u32be|digits:10|"
                      r"octet-count|redis")
# The last of the 24 lines is that of the prompt.
SCREEN_LINES, SCREEN_COLUMNS = 23, 80

OPTION = re.compile(r"^  (?:(-\w), )?(--[\w-]+)(?: ([A-Z]+))?", re.MULTILINE)
EXAMPLE = re.compile(r"^  (.*\bframewire .*)$", re.MULTILINE)
VALUES = {"N": "2", "TIME": "1s", "SIZE": "1KiB", "SPEC": "raw", "SERVICE": "echo",
          "PATH": "/dev/null", "REPLY": "any", "SIZES": "16..20", "ADDRESSES": "127.0.0.1",
          "CONDITION": "p99<1s", "LIST": "4,1", "TEXT": "Hello",
          "BYTES": "02", "VERSION": "1.3", "HOST": "localhost", "NAME": "nobody",
          "NAMES": "301,pieces", "ADDRESS": "127.0.0.1:0", "RANGE": "10.0.0.0/8",
          "FORMAT": "json", "LEVEL": "info"}
# Where the name of a value does not say enough.
VALUES_OF = {"--send-proxy": "v1", "--proxy-source": "192.0.2.7:51000",
             "--proxy-protocol": "required", "--words": "big", "--side": "client",
             "--from": "server:16", "--from POSITION": "17", "--resync": "errors",
             "--frames": "2..4",
             "--around": "failed", "--as": "client", "--speed": "2x", "--ignore": "x+",
             "--fault": "drop 1%", "--misfit": "skip", "--rewrite": "s/a/b/",
             "--when": "ping", "--reply": "pong"}
# What the line of an option begins with; it is read alone.
VERBS = set("""accept agree allow announce answer check close compare connect dissect do end exit
    expect fail find frame give hold keep leave let listen measure neither offer play print read
    refuse run send serve share show spread stop take trust use wait write""".split())
PAGES = ("--help", "--help-all", "--version", "--help-limits")


def options_of(page):
    """Each way to write each option that the page names, as words of a command line."""
    for short, long, value in OPTION.findall(page):
        if long not in PAGES:
            for name in filter(None, (short, long)):
                given = (VALUES_OF.get(f"{long} {value}") or VALUES_OF.get(long)
                         or VALUES.get(value))
                yield [name, given] if value or given else [name]


def names_of(page):
    return {name for _, name, _ in OPTION.findall(page)}


def meanings_of(page):
    """The beginning of what is said of each option."""
    return re.findall(r"^  -[^\n]*?(?:  +|\n {26})(\w[^\n]*)$", page[:page.index("\nExamples:")],
                      re.MULTILINE)


def shown_on_a_terminal(*words, **variables):
    """What the command prints if its output is a terminal."""
    ours, its = pty.openpty()
    environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    with open(its, "wb", buffering=0) as terminal:
        subprocess.run([str(BINARY), *words], stdout=terminal, stdin=subprocess.DEVNULL,
                       env={**environment, **variables}, timeout=TIMEOUT, check=True)
        shown = os.read(ours, 1 << 16)
    os.close(ours)
    return shown


def examples_of(page):
    """The words of each example, without `framewire`, redirections and remarks."""
    for line in EXAMPLE.findall(page[page.index("\nExamples:\n"):]):
        command = re.split(r"\s{3,}", line)[0].partition("framewire ")[2]
        words = shlex.split(command)
        yield words[:words.index(">")] if ">" in words else words


def sent_nowhere(words):
    """The same at an address that cannot be had, before which everything else is judged."""
    if words[0] == "replay":
        return [re.sub(r"\A:\d+\Z", "unix:/nonexistent/socket", word) for word in words]
    protocol = words[1:2] if PROTOCOL.fullmatch(words[1]) else []
    rest = words[1 + len(protocol):]
    if rest and re.search(r"\A\S*:\d+\Z", rest[0]):
        rest = rest[1:]
    return [words[0], *protocol, "unix:/nonexistent/socket", *rest]


class HelpTest(CommandTest):

    def page(self, *words):
        return self.assert_done(*words).decode()

    def for_each_page(self, check):
        """Calls `check(page, *command)`."""
        for command in ((), *((name,) for name in COMMANDS)):
            with self.subTest(command):
                check(self.page(*command, "--help"), *command)

    def test_the_short_option_means_the_same(self):
        self.for_each_page(
            lambda page, *command: self.assertEqual(page, self.page(*command, "-h")))

    def assert_fits_a_screen(self, page, *_):
        lines = page.splitlines()
        self.assertLessEqual(len(lines), SCREEN_LINES)
        self.assertEqual([], [line for line in lines if len(line) > SCREEN_COLUMNS])
        self.assertNotIn("\n\n\n", page)

    def test_pages_fit_a_screen(self):
        self.for_each_page(self.assert_fits_a_screen)

    def test_whole_pages_have_more_and_fit_the_width(self):
        for command in COMMANDS:
            whole = self.page(command, "--help-all")
            with self.subTest(command):
                self.assertEqual([], [line for line in whole.splitlines()
                                      if len(line) > SCREEN_COLUMNS])
                self.assertLessEqual(names_of(self.page(command, "--help")), names_of(whole))
        self.assertNotIn("--max-payload", self.page("serve", "--help"))
        self.assertIn("--max-payload", self.page("serve", "--help-all"))

    def test_pages_by_command(self):
        self.assertEqual(self.page("--help"), self.page("help"))
        self.assertEqual(self.page("--version"), self.page("version"))
        for command in COMMANDS:
            self.assertEqual(self.page(command, "--help"), self.page("help", command))
        self.assert_fails(2, ["help", "bogus"], "unknown command 'bogus'")

    def test_headings_are_bold_on_a_terminal_that_obeys(self):
        bold = b"\x1b[1mUsage:\x1b[0m"
        self.assertTrue(shown_on_a_terminal("serve", "--help", TERM="xterm").startswith(bold))
        for variables in ({"TERM": "dumb"}, {"TERM": "xterm", "NO_COLOR": "1"}):
            self.assertNotIn(b"\x1b", shown_on_a_terminal("serve", "--help", **variables))
        self.assertNotIn("\x1b", self.page("serve", "--help"))

    def test_every_option_is_a_sentence_that_says_what_it_does(self):
        for command in COMMANDS:
            for meaning in meanings_of(self.page(command, "--help-all")):
                with self.subTest((command, meaning)):
                    self.assertIn(meaning.split()[0], VERBS)
                    self.assertGreaterEqual(len(meaning.split()), 2)

    def test_the_limits_fit_the_width(self):
        for line in self.page("serve", "--help-limits").splitlines():
            self.assertLessEqual(len(line), SCREEN_COLUMNS)

    def assert_ends_with_examples(self, page, *_):
        headings = re.findall(r"^[A-Z]\w+:$", page, re.MULTILINE)
        self.assertEqual("Examples:", headings[-1])
        self.assertTrue(EXAMPLE.findall(page[page.index("\nExamples:\n"):]))

    def test_pages_end_with_examples(self):
        self.for_each_page(self.assert_ends_with_examples)

    def test_the_main_page_names_every_command(self):
        page = self.page("--help")
        for command in COMMANDS:
            self.assertRegex(page, rf"(?m)^  {command} ")

    def test_options_are_taken(self):
        for command in COMMANDS:
            for words in options_of(self.page(command, "--help-all")):
                with self.subTest((command, words)):
                    self.assert_only_complaint(command, words)

    def test_limits_are_taken(self):
        options = list(options_of(self.page("serve", "--help-limits")))
        self.assertGreaterEqual(len(options), 8)
        for words in options:
            with self.subTest(words):
                self.assert_only_complaint("serve", words)

    def assert_only_complaint(self, command, words):
        why = self.assert_fails(2, [command, *words, "--surely-bad"], "--surely-bad")
        self.assertNotIn(words[0], why.splitlines()[0].replace("--surely-bad", ""))

    def test_pages_named_as_options(self):
        self.assertRegex(self.page("--version"), r"\Aframewire \d+\.\d+\.\d+\n\Z")
        self.assertIn("--max-payload", self.page("serve", "--help-limits"))

    def test_examples_mean_something(self):
        folder = Path(self.folder())
        (folder / "letter.txt").write_bytes(b"\x89PNG")
        (folder / "dump.txt").write_bytes(b"00000000: 0000 0002 4869  ....Hi\n")
        (folder / "session.transcript").write_text("framing raw\n< 30\n", encoding="utf-8")
        capture = Capture(folder / "capture.pcap")
        capture.add([b"*0\r\n"])
        capture.file.close()
        storing = self.server("line", "--service", f"store:{folder}/orders.db", "--quiet")
        self.assert_done("send", "line", f"{HOST}:{storing.port}", "an order")
        pages = [self.page("--help"), *(self.page(name, "--help") for name in COMMANDS)]
        shown = [words for page in pages for words in examples_of(page)]
        self.assertEqual(set(COMMANDS), {words[0] for words in shown})
        for words in shown:
            with self.subTest(words):
                self.run_example([path for word in words for path in (
                    map(str, folder.glob(word)) if word == "*.txt"
                    else [str(folder / word)] if re.search(r"\w\.(txt|transcript|pcap|db)$", word)
                    else [] if word == "--follow"  # without end
                    else [word])])

    def run_example(self, words):
        if words[0] in ("serve", "connect", "send", "receive", "proxy", "replay", "bench", "check"):
            listens = words[0] in ("serve", "proxy") or {"--listen", "server"} & {*words}
            verb = "listen on" if listens else "connect to"
            self.assert_fails(1, sent_nowhere(words),
                              f"cannot {verb} unix:/nonexistent/socket: no such file")
        else:
            folder = ["--folder", self.folder()] if words[0] == "certificate" else []
            self.assertNotEqual(b"", self.assert_done(*words, *folder))


class AtTheFirstTry(CommandTest):
    """Who has read the page and nothing else does what its examples show, and it works."""

    def example(self, command, *parts):
        """The one that contains these words, as words."""
        page = self.assert_done(command, "--help").decode()
        found = [words for words in examples_of(page) if {*parts} <= {*words}]
        self.assertEqual(1, len(found), (command, parts))
        return found[0]

    def run_at(self, port, words):
        at = [f"{HOST}:{port}" if re.fullmatch(r":\d+", word) else word for word in words]
        return self.assert_done(*at)

    def test_a_binary_message_is_sent(self):
        server = self.server("u32be", "--service", "acknowledge:\\x06", "--json")
        folder = self.folder()
        words = self.example("send", "u32be", "-e")
        words[words.index("--output") + 1] = f"{folder}/reply-%d.bin"
        self.assertEqual(b"", self.run_at(server.port, words))
        self.assertEqual(b"\x06", Path(folder, "reply-1.bin").read_bytes())
        self.stop(server)
        self.assertIn('"payload":"\\u0002Hi\\u0000"', server.report())

    def test_a_server_is_listened_to(self):
        server = self.script(lambda sock: sock.sendall(b"0000000005Hello"))
        self.assertEqual(b"Hello\n", self.run_at(server.port, self.example("receive", "digits:10")))

    def test_a_server_is_loaded(self):
        server = self.server("digits:10", "--quiet")
        words = [*self.example("bench", "digits:10"), "--duration", "200ms"]
        self.assertIn(b"latency", self.run_at(server.port, words))


class ReadingPages(unittest.TestCase):
    """The functions above, on a page made up for them."""
    PAGE = ("Usage: framewire go\n\nOptions:\n  -f, --far SIZE   how far\n  --fast    quickly\n"
            "  -h, --help   this page\n\nExamples:\n  framewire go :7000 'far away' > there\n"
            "  ls | framewire go echo          a remark\nA note.\n")

    def test_options(self):
        self.assertEqual([["-f", "1KiB"], ["--far", "1KiB"], ["--fast"]],
                         list(options_of(self.PAGE)))

    def test_examples(self):
        self.assertEqual([["go", ":7000", "far away"], ["go", "echo"]],
                         list(examples_of(self.PAGE)))

    def test_addresses(self):
        nowhere = "unix:/nonexistent/socket"
        self.assertEqual(["go", nowhere, "far away"], sent_nowhere(["go", ":7000", "far away"]))
        self.assertEqual(["go", "echo", nowhere, "--", "x"],
                         sent_nowhere(["go", "echo", "--", "x"]))


if __name__ == "__main__":
    unittest.main()
