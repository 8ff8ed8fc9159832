"""`-vv` on serve, connect and send: the conversation, explained while it happens. A transcript
all the same, which says of each connection what belongs to it, and is bounded.
"""
import re
import socket
import unittest

from command_line import HOST, CommandTest, receive
from transcripts import bytes_of, kinds_of

HELLO = b"0000000005Hello"


class LiveTest(CommandTest):

    def labels_of(self, text, label):
        return re.findall(rf"(?m)^# {label:<10}(.*)$", text)

    def errors_of(self, server):
        self.assertEqual(0, server.stop(), server.report())
        text = server.err.decode()
        self.assertNotIn(None, kinds_of(text), text)
        return text


class Serve(LiveTest):

    def test_reads_are_explained(self):
        server = self.server("walkthrough", "--quiet", "-vv")
        sock = self.connect_to(server.port)
        sock.sendall(HELLO[:7])
        server.find_error("# after     in a header, 7 of 10 bytes: \"0000000\"")
        sock.sendall(HELLO[7:])
        self.assertEqual(HELLO, receive(sock, len(HELLO)))
        sock.close()
        server.find_error("= finished")
        text = self.errors_of(server)
        self.assertEqual(["a new message", 'in a header, 7 of 10 bytes: "0000000"'],
                         self.labels_of(text, "before"))
        self.assertEqual(["7 < 10 bytes of header, continue", "5 >= 5, complete"],
                         self.labels_of(text, "check"))
        self.assertEqual(HELLO, bytes_of(text, "<"))
        self.assertEqual(HELLO, bytes_of(text, ">"))
        self.assertIn("# write 1: 15 bytes, 0 to 14\n", text)
        self.assertEqual(3, text.count("# position "))

    def test_errors_are_explained(self):
        server = self.server("walkthrough", "--quiet", "-vv")
        self.connect_to(server.port).sendall(b"00000x")
        server.find_error("frame.length_syntax at 5: ")
        self.assertEqual(0, server.stop(), server.report())
        self.assertEqual(["wrong at 5: frame.length_syntax"],
                         self.labels_of(server.err.decode(), "check"))

    def test_connections_are_told_apart(self):
        server = self.server("walkthrough", "--quiet", "-vv")
        socks = [self.connect_to(server.port) for _ in range(2)]
        for sock in socks:
            sock.sendall(HELLO)
            receive(sock, len(HELLO))
        names = [str(sock.getsockname()) for sock in socks]
        text = self.errors_of(server)
        parts = re.split(r"(?m)^# \('127\.0\.0\.1', \d+\) with (\(.*\))\n", text)[1:]
        for name in names:
            mine = "".join(said for who, said in zip(parts[::2], parts[1::2]) if who == name)
            self.assertEqual(HELLO, bytes_of(mine, "<"))
            self.assertEqual(["5 >= 5, complete"], self.labels_of(mine, "check"))

    def test_a_long_conversation_is_explained_up_to_a_bound(self):
        server = self.server("--framing", "digits:10", "--quiet", "-vv")
        sock = self.connect_to(server.port)
        frame = b"0000050000" + 50_000 * b"x"
        for _ in range(3):
            sock.sendall(frame)
            receive(sock, len(frame))
        text = self.errors_of(server)
        self.assertEqual(1, text.count("# reads are not explained from here on\n"))
        self.assertEqual(1, text.count("# writes are not explained from here on\n"))
        self.assertEqual(3, text.count("= frame "))

    def test_so_much_is_explained_in_a_second(self):
        """The rest is told without explanation, and what follows is explained again."""
        server = self.server("walkthrough", "--quiet", "-vv")
        sock = self.connect_to(server.port)
        count = 2000
        for _ in range(count):
            sock.sendall(HELLO)
            receive(sock, len(HELLO))
        sock.close()
        server.find_error("= finished")
        text = self.errors_of(server)
        self.assertEqual(count, text.count('= frame "Hello"'))
        checks = self.labels_of(text, "check")
        self.assertEqual({"5 >= 5, complete"}, set(checks))
        self.assertGreaterEqual(len(checks), 250)
        if "# more than 500 reads and writes in a second" in text:  # not if the machine is slow
            self.assertLess(len(checks), count)

    def test_a_connection_that_says_too_much_is_left_out(self):
        """Its share of a second, and it is said how much is missing."""
        count = 60_000
        for option in ("-v", "-vv"):
            with self.subTest(option):
                server = self.server("--framing", "line", "--quiet", option)
                sock = self.connect_to(server.port)
                sock.sendall(b"\n" * count)
                self.assertEqual(b"\n" * count, receive(sock, count))
                sock.shutdown(socket.SHUT_WR)
                self.assertEqual(b"", sock.recv(1))
                text = self.errors_of(server)
                told = text.count("= frame ")
                left_out = sum(map(int, re.findall(
                    r"# (\d+) reads, writes and frames are left out: more than 10000 in a second",
                    text)))
                self.assertGreater(left_out, 0)
                self.assertLess(told, count)
                self.assertGreaterEqual(told + left_out, count)
                self.assertIn("= finished\n", text)


class Clients(LiveTest):

    def test_send(self):
        server = self.server("walkthrough", "--quiet")
        done = self.run_command("send", "walkthrough", f"{HOST}:{server.port}", "-vv", "Hello")
        text = done.stderr.decode()
        self.assertNotIn(None, kinds_of(text), text)
        self.assertEqual(["5 >= 5, complete"], self.labels_of(text, "check"))
        self.assertLess(text.index("# write 1: "), text.index("# read 1: "))
        self.assertEqual(b"Hello\n", done.stdout)

    def test_connect(self):
        server = self.server("walkthrough", "--quiet")
        done = self.run_command("connect", "walkthrough", f"{HOST}:{server.port}", "-vv",
                                data=b"exit\n")
        self.assertEqual(["4 >= 4, complete"], self.labels_of(done.stderr.decode(), "check"))


if __name__ == "__main__":
    unittest.main()
