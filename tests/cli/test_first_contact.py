"""What people type who do not know the command yet: it is understood, or answered with the form
that was probably meant.
"""
import unittest

from command_line import HOST, CommandTest

USAGE = 2
NOWHERE = "unix:/nonexistent/socket"


class FirstContact(CommandTest):

    def assert_hint(self, words, *parts):
        shown = self.assert_fails(USAGE, words)
        self.assertIn("\nhint: ", shown)
        for part in parts:
            self.assertIn(part, shown)

    def assert_understood(self, *words):
        """Wrong in nothing but that nobody is at the address."""
        self.assert_fails(1, words, f"{NOWHERE}: no such file")


class DidYouMean(FirstContact):

    def test_commands(self):
        for typed, meant in (("conect", "connect"), ("servre", "serve"), ("benhc", "bench"),
                             ("framing", "framings"), ("halp", "help"), ("proto", "protocols")):
            self.assert_hint([typed], f"unknown command '{typed}'", f"did you mean '{meant}'?")

    def test_options(self):
        for words, meant in ((["serve", "--framng", "raw"], "--framing"),
                             (["serve", "--thread=2"], "--threads"),
                             (["send", "--timout", "1s"], "--timeout"),
                             (["bench", "--find-rat", "p99<1s"], "--find-rate")):
            self.assert_hint(words, f"unknown option '{words[1].partition('=')[0]}'",
                             f"did you mean {meant}?")

    def test_protocols_and_framings(self):
        for typed, meant in (("walkthorugh", "walkthrough"), ("digit:10", "digits"),
                             ("u16", "u16be"), ("ecoh", "echo"), ("mlpp", "mllp")):
            self.assert_hint(["serve", typed], f"unknown protocol or framing '{typed}'",
                             f"did you mean '{meant}'?")

    def test_framings_as_options(self):
        self.assert_hint(["serve", "-f", "digit:10"], 'unknown framing "digit"',
                         "did you mean 'digits'?")

    def test_the_place_of_a_wrong_spec_is_shown(self):
        self.assert_hint(["serve", "-f", "u16be,magic=0xd3"],
                         "\n    u16be,magic=0xd3\n                ^\n", "did you mean \\xd3?")
        self.assert_hint(["serve", "digits:4,pda=zero"],
                         "\n    digits:4,pda=zero\n             ^\n", "did you mean 'pad='?")
        self.assert_hint(["trace", "-f", "u8,lead=a", "ab"], "\n    u8,lead=a\n            ^\n")

    def test_nothing_is_near(self):
        self.assert_hint(["bogus"], "hint: framewire --help")
        self.assert_hint(["serve", "bogus"], "'framewire framings' list them")


class Names(FirstContact):

    def test_framings_are_taken_where_protocols_are(self):
        for spec in ("mllp", "lsp", "u32be", "digits:10", "digits:4,pad=space", "syslog,max=1KiB"):
            for command in ("serve", "connect", "send", "bench"):
                self.assert_understood(command, spec, NOWHERE)
        self.assertIn(b'= frame "ab"', self.assert_done("trace", "-b", "fixed:2", "ab"))

    def test_a_framing_that_is_wrong_is_not_a_message(self):
        self.assert_hint(["send", "digits:x", NOWHERE], 'framing "digits:x": expected a width',
                         "\n    digits:x\n           ^\n", "'framewire framings digits'")

    def test_the_address_first(self):
        for command in ("serve", "connect", "bench"):
            self.assert_understood(command, NOWHERE, "mllp")
        self.assert_hint(["send", ":7000", "mllp", "Hello"], "framewire send mllp :7000")

    def test_an_address_without_a_framing(self):
        self.assert_hint(["send", ":7000", "Hello"], "which framing?",
                         "framewire send :7000 --framing ")
        self.assert_hint(["connect", HOST, "7000"], "which framing?",
                         f"framewire connect {HOST}:7000 --framing ")

    def test_a_protocol_as_framing(self):
        self.assert_hint(["serve", "-f", "walkthrough"], "is a protocol, not a framing",
                         "framewire serve walkthrough")

    def test_two_protocols(self):
        self.assert_hint(["serve", "walkthrough", "greeting"], "'greeting' is one protocol")

    def test_no_command(self):
        self.assert_hint(["walkthrough"], "a protocol: framewire serve walkthrough")
        self.assert_hint(["digits:10"], "a framing: framewire serve digits:10")
        self.assert_hint(["localhost:7000"], "framewire connect localhost:7000 --framing ")
        self.assert_hint(["-f", "line", "serve"], "the command comes first: framewire serve -f")
        self.assert_hint(["-v"], "framewire --version")
        self.assert_hint(["-l", "7000"], "framewire serve")


class Addresses(FirstContact):


    def test_host_and_port_as_two_words(self):
        server = self.server("-f", "line")
        for words in ((HOST, server.port), ("localhost", server.port), (server.port,),
                      (f"tcp://{HOST}:{server.port}",), (f"tcp://{HOST}:{server.port}/",)):
            with self.subTest(words):
                done = self.run_command("connect", "-f", "line", *words, data=b"Hello\n")
                self.assertEqual((0, b""), (done.returncode, done.stderr))
                self.assertIn(b"Hello", done.stdout)
        self.assertEqual(b"Hello\n", self.assert_done("send", "-f", "line",
                                                      f"tcp://{HOST}:{server.port}", "Hello"))

    def test_messages_are_not_taken_for_an_address_nor_sent(self):
        self.assert_hint(["send", "-f", "line", HOST, "7000", "Hello"], f"write {HOST}:7000")
        self.assert_hint(["send", "-f", "line", "Hello", f"{HOST}:7000"], "the address comes first")

    def test_messages_like_addresses(self):
        server = self.server("-f", "line")
        at = f"{HOST}:{server.port}"
        self.assertEqual(b"a:1\n", self.assert_done("send", "-f", "line", at, "a:1"))
        self.assertIn(b'= frame "a:1"', self.assert_done("trace", "-b", "line", "x", "a:1"))

    def test_ports_as_options(self):
        self.assert_hint(["connect", "-f", "line", "-p", "7000"], "unknown option '-p'", ":7000")
        self.assert_hint(["serve", "line", "--port", "7000"], "unknown option '--port'", ":7000")
        self.assert_hint(["connect", "-l", "line"], "framewire serve")

    def test_the_default_address_is_named(self):
        done = self.run_command("receive", "-f", "line", "--for", "1ms")
        self.assertTrue(
            done.stderr.startswith(b"framewire receive: no address given: taking :7000"))
        done = self.run_command("receive", "-f", "line", NOWHERE)
        self.assertNotIn(b"no address given", done.stderr)

    def test_messages_like_options(self):
        self.assert_hint(["send", "-f", "line", "-5"], "unknown option '-5'", "goes after --")
        self.assert_hint(["serve", "line", "-5"], "hint: framewire serve --help")

    def test_other_schemes(self):
        self.assert_hint(["connect", "-f", "line", "http://localhost:80"], "only tcp://")

    def test_a_host_without_a_port(self):
        self.assert_hint(["connect", "-f", "line", "localhost"], "'localhost' has no port",
                         "localhost:PORT")


if __name__ == "__main__":
    unittest.main()
