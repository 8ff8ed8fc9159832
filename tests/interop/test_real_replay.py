"""Conversations of real programs are captured, and replayed to the real server and to the client."""
import re
import sys
import unittest
from pathlib import Path

from foreign_peers import needed
from programs import BINARY, HOST, TIMEOUT, free_port
from real_programs import RealTest, wait_until_listening

sys.path.append(str(Path(__file__).resolve().parents[1] / "cli"))

from captures import ETHERNET, Capture, Ear  # noqa: E402

COMMANDS = ["FLUSHALL", "SET a 1", "INCR a", "GET a", "GET none", "HSET h x 1", "HGETALL h",
            "EVAL 'return {1, {2, \"three\"}, false}' 0", f"SET large {'x' * 100_000}",
            "GET large", "MULTI", "GET a", "EXEC"]
TYPED = "\n".join(COMMANDS) + "\n"


class Redis(RealTest):

    def setUp(self):
        super().setUp()
        self.cli, program, folder = needed("redis-cli"), needed("redis-server"), self.folder()
        self.server = self.serve_real(lambda port: [
            program, "--port", str(port), "--bind", HOST, "--save", "", "--dir", folder])

    def captured(self, typed):
        """What redis-cli has printed, and the capture of its conversation."""
        try:
            ear = Ear(self.server.port, TIMEOUT)
        except PermissionError:
            self.skipTest("capturing is not permitted")
        self.addCleanup(ear.close)
        printed = self.ask(self.cli, "-h", HOST, "-p", self.server.port, typed=typed)
        capture = Capture(self.folder() / "redis.pcap", begins_with=ETHERNET)
        ear.write(capture)
        capture.file.close()
        return printed, capture.path

    def test_a_captured_conversation_is_the_same_again(self):
        _, path = self.captured(TYPED)
        text = self.ask(BINARY, "replay", path, "redis", f"{HOST}:{self.server.port}")
        found = re.match(r"1 connection, (\d+) messages sent, (\d+) replies compared: no diff",
                         text.splitlines()[-1])
        self.assertTrue(found, text)
        self.assertEqual(found[1], found[2])
        self.assertGreaterEqual(int(found[1]), len(COMMANDS))  # redis-cli may ask for more
        self.ask(BINARY, "replay", path, "redis", f"{HOST}:{self.server.port}", "--speed", "max")

    def test_a_difference_that_may_be_left_out(self):
        """The clock of the server, and a number that grows."""
        _, path = self.captured("INCR n\nTIME\n")
        at = [BINARY, "replay", path, "redis", f"{HOST}:{self.server.port}"]
        differing = self.start([*map(str, at)])
        self.assertEqual(1, differing.finish(), differing.report())
        self.assertRegex(differing.out.decode(), "\\Astream 0, reply [12], packet ")
        self.assertIn('\n- ":1\\r\\n"\n+ ":2\\r\\n"\n', differing.out.decode())
        self.ask(*at, "--ignore", "[0-9]+")

    def test_the_client_meets_a_mock_of_its_server(self):
        printed, path = self.captured(TYPED)
        port = free_port()
        mock = self.start([str(BINARY), "replay", str(path), "redis", f"{HOST}:{port}", "--as",
                           "server", "--connections", "1"])
        mock.port = port
        wait_until_listening(mock)
        self.assertEqual(printed, self.ask(self.cli, "-h", HOST, "-p", port, typed=TYPED))
        self.assertEqual(0, mock.finish(), mock.report())
        self.assertIn(b": no difference", mock.out)


if __name__ == "__main__":
    unittest.main()
