"""Conversations of real programs are captured, and replayed to the server and to the client."""
import contextlib
import sys
import unittest
from pathlib import Path

from foreign_peers import needed
from programs import BINARY, HOST, TIMEOUT, free_port
from real_programs import RealTest, postgres, wait_until_listening

sys.path.append(str(Path(__file__).resolve().parents[1] / "cli"))

from captures import ETHERNET, Capture, Ear  # noqa: E402

# A connection each: what one has set, another gets.
COMMANDS = [["FLUSHALL"], ["SET", "a", "1"], ["INCR", "a"], ["GET", "a"], ["GET", "none"],
            ["HSET", "h", "x", "1"], ["HGETALL", "h"],
            ["EVAL", "return {1, {2, 'three'}, false}", "0"],
            ["SET", "large", "x" * 100_000], ["GET", "large"], ["NONSENSE"]]

STATEMENTS = """
SELECT sum(n) FROM generate_series(1, 1000) n;
SELECT repeat('x', n) FROM generate_series(1, 1000) n;
SELECT none;
"""


@contextlib.contextmanager
def capturing(test, port):
    """What hears the conversations with that port, and the file into which it may write them."""
    try:
        ear = Ear(port, TIMEOUT)
    except PermissionError:
        test.skipTest("capturing is not permitted")
    capture = Capture(test.folder() / "real.pcap", begins_with=ETHERNET)
    with contextlib.closing(ear), contextlib.closing(capture.file):
        yield ear, capture


class Redis(RealTest):

    def setUp(self):
        super().setUp()
        self.cli, program, folder = needed("redis-cli"), needed("redis-server"), self.folder()
        self.server = self.serve_real(lambda port: [
            program, "--port", str(port), "--bind", HOST, "--save", "", "--dir", folder])

    def ask_at(self, port, commands):
        """What redis-cli has printed. With a command it asks for no other, as it does at a prompt
        for its help, which is in another order each time."""
        for command in commands:
            yield self.ask(self.cli, "-h", HOST, "-p", port, *command)

    def captured(self, commands):
        """What redis-cli has printed, and the capture of its conversations."""
        with capturing(self, self.server.port) as (ear, capture):
            printed = []
            for text in self.ask_at(self.server.port, commands):
                printed.append(text)
                ear.write(capture)
        return printed, capture.path

    def replaying(self, path, *words):
        return [BINARY, "replay", path, "redis", f"{HOST}:{self.server.port}", *words]

    def test_captured_conversations_are_the_same_again(self):
        _, path = self.captured(COMMANDS)
        for words in ((), ("--speed", "max")):
            text = self.ask(*self.replaying(path, "--stream", "all", *words))
            self.assertIn(f"{len(COMMANDS)} connections, {len(COMMANDS)} messages sent, "
                          f"{len(COMMANDS)} replies compared: no difference", text)

    def test_a_difference_that_may_be_left_out(self):
        """A number that grows."""
        _, path = self.captured([["INCR", "n"]])
        differing = self.start([*map(str, self.replaying(path))])
        self.assertEqual(1, differing.finish(), differing.report())
        text = differing.out.decode()
        self.assertRegex(text, r"\Astream 0, reply 1, packet \d+: byte 1 is \"2\", not \"1\"\n")
        self.assertIn('\n- ":1\\r\\n"\n+ ":2\\r\\n"\n', text)
        self.ask(*self.replaying(path, "--ignore", "[0-9]+"))

    def test_the_client_meets_a_mock_of_its_server(self):
        printed, path = self.captured(COMMANDS)
        port = free_port()
        mock = self.start([str(BINARY), "replay", str(path), "redis", f"{HOST}:{port}", "--stream",
                           "all", "--as", "server", "--connections", str(len(COMMANDS))])
        mock.port = port
        wait_until_listening(mock)
        self.assertEqual(printed, [*self.ask_at(port, COMMANDS)])
        self.assertEqual(0, mock.finish(), mock.report())
        self.assertIn(b": no difference", mock.out)


class PostgreSql(RealTest):

    def test_statements(self):
        """All but the key with which a query may be cancelled is the same again."""
        server = postgres(self, self.folder())
        with capturing(self, server.port) as (ear, capture):
            self.assertIn("500500", self.ask(
                needed("psql"), "-h", HOST, "-p", server.port, "-U", "postgres", "-X", "-A", "-t",
                "postgres", typed=STATEMENTS, PGGSSENCMODE="disable", PGSSLMODE="disable"))
            ear.write(capture)
        text = self.ask(BINARY, "replay", capture.path, "postgresql", f"{HOST}:{server.port}",
                        "--ignore", "^K.*")
        self.assertRegex(text, r"\A1 connection, 5 messages sent, \d{4,} replies compared: no diff")


if __name__ == "__main__":
    unittest.main()
