"""`send` where replies are not counted: one-way framings, pipelines, streams without framing; what
contradicts each other, and output that is not read.
"""
import subprocess
import time
import unittest

from command_line import BINARY, HOST, TIMEOUT, CommandTest, receive_to_end, tied_to_us
from replying import FRAMED, RepliesTest


class OneWay(RepliesTest):

    def test_presets(self):
        """Nobody answers syslog; what nevertheless comes is printed."""
        for name, data in (("syslog", b"3 one3 two"), ("gelf", b"one\0two\0"),
                           ("gelf,max=9", b"one\0two\0")):
            with self.subTest(name):
                out, got = self.send_to(receive_to_end, "one", "two", framing=("-f", name))
                self.assertEqual(("", data), (out, got))
        out, _ = self.send_to(lambda sock: (receive_to_end(sock), sock.sendall(b"5 sorry")), "one",
                              framing=("-f", "syslog"))
        self.assertEqual("sorry\n", out)

    def test_a_pipeline(self):
        """The second message does not wait for the first reply."""
        def script(sock):
            lines = sock.makefile("rb")
            got = [lines.readline(), lines.readline()]
            sock.sendall(b"HTTP/1.0 200 OK\n\n")
            return got

        out, got = self.send_to(script, "--pipeline", "GET / HTTP/1.0", "",
                                framing=("-f", "line"))
        self.assertEqual(([b"GET / HTTP/1.0\n", b"\n"], "HTTP/1.0 200 OK\n\n"), (got, out))


class WithoutFraming(RepliesTest):
    BODY = bytes(range(256)) * 1600  # 400 KiB

    def test_an_answer_of_http(self):
        """Whole, and not a byte more."""
        answer = b"HTTP/1.0 200 OK\r\n\r\n" + self.BODY

        def script(sock):
            request = b""
            while b"\r\n\r\n" not in request:
                request += sock.recv(1000)
            for at in range(0, len(answer), 100_000):
                sock.sendall(answer[at:at + 100_000])
                time.sleep(0.05)
            return request

        server = self.script(script)
        done = self.assert_done("send", f"{HOST}:{server.port}", "-f", "raw", "-e",
                                r"GET / HTTP/1.0\r\n", r"\r\n")
        self.assert_bytes(answer, done)
        self.assertEqual(b"GET / HTTP/1.0\r\n\r\n", server.result())

    def test_until_it_is_silent(self):

        def script(sock):
            sock.recv(100)
            sock.sendall(b"220 ")
            time.sleep(0.3)
            sock.sendall(b"ready\r\n")
            self.over.wait(TIMEOUT)

        server = self.script(script)
        self.assertEqual(b"220 ready\r\n", self.assert_done(
            "send", f"{HOST}:{server.port}", "-f", "raw", "EHLO"))

    def test_standard_input_is_sent_as_it_is(self):
        server = self.script(lambda sock: (receive_to_end(sock), sock.sendall(b"ok"))[0])
        request = b"GET / HTTP/1.0\r\n\r\n\0"
        self.assertEqual(b"ok", self.assert_done("send", f"{HOST}:{server.port}", "-f", "raw",
                                                 data=request))
        self.assertEqual(request, server.result())

    def test_no_answer(self):
        self.send_to(receive_to_end, "x", framing=("-f", "raw"), status=1)
        self.assertIn("no reply: the server closed the connection", self.said)

    def test_what_cannot_be_counted(self):
        for words in (["--strict"], ["--replies", "2"], ["--output-framing", "line"]):
            with self.subTest(words):
                self.assert_fails(2, ["send", "unix:/nowhere", "-f", "raw", "x", *words],
                                  "without framing")


class Usage(CommandTest):

    def test_what_contradicts(self):
        for words, part in ((["--strict", "--replies", "3"], "--strict"),
                            (["--no-reply", "--replies", "3"], "--no-reply"),
                            (["--no-reply", "--strict"], "--no-reply"),
                            (["--replies", "some"], "'some' is not a number or 'all'"),
                            (["--lines"], "--lines and --framed"),
                            (["--framed", "line"], "--lines and --framed")):
            with self.subTest(words):
                self.assert_fails(2, ["send", "unix:/nowhere", *FRAMED, "x", *words], part)


class OutputThatIsNotRead(CommandTest):

    def test_a_reader_that_leaves(self):
        server = self.server(*FRAMED, "--quiet")
        child = subprocess.Popen(
            tied_to_us([str(BINARY), "send", f"{HOST}:{server.port}", *FRAMED]),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        child.stdin.write(b"one\n")
        child.stdin.flush()
        self.assertEqual(b"one\n", child.stdout.readline())
        child.stdout.close()
        child.stdin.write(b"two\n")
        child.stdin.close()
        said = child.stderr.read()
        child.stderr.close()
        self.assertEqual(1, child.wait(TIMEOUT))
        self.assert_error(said, "send", "cannot write standard output: broken pipe")


if __name__ == "__main__":
    unittest.main()
