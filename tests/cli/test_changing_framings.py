"""A framing whose first frames and replies are of their own, between the commands and servers."""
import json
import unittest

from command_line import HOST, CommandTest, receive

SPEC = r"u16be,first=u8,reply=octet-count\,first=netstring"


class ChangingFraming(CommandTest):

    def test_every_command_speaks_it(self):
        server = self.server("-f", SPEC)
        where = f"{HOST}:{server.port}"
        with self.subTest("bytes"):
            client = self.connect_to(server.port)
            client.sendall(b"\5Hello\0\3you\0\0")
            self.assertEqual(b"5:Hello,3 you0 ", receive(client, 15))
            client.close()
        with self.subTest("send"):
            self.assertEqual(b"Hello\nyou\nagain\n", self.assert_done(
                "send", where, "-f", SPEC, "Hello", "you", "again"))
        with self.subTest("connect"):
            self.assertEqual(b"one\ntwo\n", self.assert_done(
                "connect", where, "-f", SPEC, data=b"one\ntwo\n"))
        with self.subTest("a first message that does not fit"):
            self.assert_fails(1, ("send", where, "-f", SPEC, 256 * "x"), "frame.too_large")

    def test_bench_speaks_replies_of_their_own(self):
        spec = SPEC.replace("first=u8,", "")
        where = f"{HOST}:{self.server('-f', spec).port}"
        done = self.run_command("bench", where, "-f", spec, "--json", "-", "-c", "2", "-n", "3",
                                "--count", "40")
        self.assertEqual(0, done.returncode, done)
        self.assertEqual(40, json.loads(done.stdout)["messages"])
        self.assert_fails(2, ("bench", where, "-f", SPEC), "begins with another frame")

    def test_trace_shows_where_it_changes(self):
        text = self.assert_done("trace", "--brief", "-f", SPEC, "Hello", "you").decode()
        self.assertIn('= frame "Hello" at 0\n= frame "you" at 6\n', text)

    def test_presets_show_their_first_frames(self):
        """`framings` and `trace` have real bytes of both."""
        row, = json.loads(self.assert_done("framings", "http2", "--json"))
        self.assertEqual(r'"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"', row["first"])
        self.assertEqual("00 00 00 04 00 00 00 00 00", row["bytes"])
        text = self.assert_done("trace", "--brief", "http2").decode()
        self.assertIn(r'= frame "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" at 0' "\n"
                      r'= frame "\x04\x00\x00\x00\x00\x00" at 24', text)
        self.assert_fails(1, ("trace", "http2", "Hello"), 'the first message is of "fixed:24"')

    def test_every_preset_with_a_first_frame_is_traced(self):
        presets = json.loads(self.assert_done("framings", "all", "--json"))
        names = [row["name"] for row in presets if row.get("first")]
        self.assertGreater(len(names), 12)
        self.assertIn("= finished", self.assert_done("trace", "--brief", names[0]).decode())


if __name__ == "__main__":
    unittest.main()
