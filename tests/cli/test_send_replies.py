"""`send` and servers that do not answer each message once: two frames, a greeting, pushes, silence,
an answer at the end of input, an early end. All that comes is printed, and the status tells
whether all came.
"""
import contextlib
import socket
import threading
import time
import unittest

from command_line import BINARY, HOST, TIMEOUT, receive, receive_to_end
from replying import FRAMED, QUICK, RepliesTest, framed, messages_of, read_message


def reset_at_end(sock):
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def answer_each(*words):
    """A script that sends a frame of every word for each message."""
    def script(sock):
        got = []
        with contextlib.suppress(BrokenPipeError):
            for message in messages_of(sock):
                got.append(message)
                for word in words:
                    sock.sendall(framed(f"{word} {message}"))
                    time.sleep(0.01)
        return got

    return script


class AllThatComes(RepliesTest):

    def test_two_frames_for_each_message(self):
        out, got = self.send_to(answer_each("first for", "second for"), "a", "b", "c")
        self.assertEqual([f"{nth} for {message}" for message in "abc"
                          for nth in ("first", "second")], out.splitlines())
        self.assertEqual(["a", "b", "c"], got)

    def test_a_greeting(self):
        def script(sock):
            sock.sendall(framed("welcome"))
            return answer_each("re:")(sock)

        out, _ = self.send_to(script, "a", "b")
        self.assertEqual(["welcome", "re: a", "re: b"], out.splitlines())

    def test_pushes_between_the_replies(self):
        def script(sock):
            for message in messages_of(sock):
                sock.sendall(framed("push", f"re: {message}", "push"))

        out, _ = self.send_to(script, "a", "b")
        self.assertEqual(["push", "re: a", "push", "push", "re: b", "push"], out.splitlines())

    def test_an_answer_at_the_end_of_input(self):
        def script(sock):
            sock.sendall(framed(*reversed(list(messages_of(sock)))))

        self.assertEqual("c\n", self.send_to(script, "c")[0])
        for option in ("--pipeline", "--replies=3", "--replies=all"):
            with self.subTest(option):
                self.assertEqual("c\nb\na\n", self.send_to(script, option, "a", "b", "c")[0])

    def test_a_server_that_forgets_its_reply_at_the_end_of_the_stream(self):
        """As those in Node.js do. It has a moment, or more with --wait."""
        def script(pause):
            def answer(sock):
                message = read_message(sock)
                sock.settimeout(pause)
                with contextlib.suppress(TimeoutError):
                    sock.recv(1)  # the end of the stream, or nothing in time
                    return
                sock.settimeout(TIMEOUT)
                sock.sendall(framed(message))

            return answer

        self.assertEqual("a\n", self.send_to(script(0.05), "a")[0])
        self.assertEqual("a\n", self.send_to(script(0.3), "a", "--wait", "600ms")[0])
        self.send_to(script(0.6), "a", status=1)

    def test_a_server_that_does_not_end_its_stream(self):
        """Until it is silent, and not longer."""

        def script(sock):
            message = read_message(sock)
            for word in ("one", "two", "three"):
                sock.sendall(framed(f"{word} {message}"))
                time.sleep(0.03)
            self.over.wait(TIMEOUT)

        server = self.script(script)
        self.assertEqual(b"one a\ntwo a\nthree a\n", self.assert_done(
            "send", f"{HOST}:{server.port}", *FRAMED, "--timeout", "1min", "a"))

    def test_a_frame_that_is_incomplete_when_it_is_silent(self):
        """Nothing is lost without a word."""
        server = self.script(lambda sock: (
            sock.sendall(framed("whole") + framed("cut off")[:-2]), self.over.wait(TIMEOUT)))
        done = self.run_command("send", f"{HOST}:{server.port}", *FRAMED, *QUICK, "--wait", "50ms",
                                "a")
        self.assertEqual((1, b"whole\n"), (done.returncode, done.stdout))
        self.assert_error(done.stderr, "send", "the last frame is incomplete")

    def test_it_does_not_wait_if_it_need_not(self):
        def script(sock):
            for message in messages_of(sock):
                sock.sendall(framed(message, message))
            return "ended"

        self.assertEqual("a\n", self.send_to(script, "--wait", "0s", "a")[0])

    def test_while_standard_input_is_silent(self):
        """What is pushed is printed before the next line is there."""
        def script(sock):
            got = [read_message(sock)]
            sock.sendall(framed("re: one"))
            time.sleep(0.05)
            sock.sendall(framed("push"))
            got.append(read_message(sock))
            sock.sendall(framed("re: two"))
            self.assertEqual(b"", sock.recv(1))  # it has seen the end of its input
            return got

        server = self.script(script)
        client = self.start([BINARY, "send", f"{HOST}:{server.port}", *FRAMED])
        client.feed("one\n", last=False)
        client.wait_for_lines(2)
        client.feed("two\n", last=True)
        self.assertEqual(0, client.finish(), client.report())
        self.assertEqual(["re: one", "push", "re: two"], client.lines())
        self.assertEqual(["one", "two"], server.result())


class SayingHowMany(RepliesTest):

    def test_so_many_in_all(self):
        def script(sock):
            got = [read_message(sock), read_message(sock)]
            sock.sendall(framed("one", "two", "three"))
            receive_to_end(sock)
            return got

        self.assertEqual("one\ntwo\nthree\n", self.send_to(script, "--replies", "3", "a", "b")[0])

    def test_all_until_the_server_closes(self):
        def script(sock):
            list(messages_of(sock))
            for word in ("one", "two"):
                sock.sendall(framed(word))
                time.sleep(0.3)  # longer than a silence would be

        self.assertEqual("one\ntwo\n", self.send_to(script, "--replies", "all", "a")[0])

    def test_all_of_a_server_that_does_not_close(self):
        server = self.script(lambda sock: (sock.sendall(framed("one")), self.over.wait(TIMEOUT)))
        done = self.run_command("send", f"{HOST}:{server.port}", *FRAMED, "--replies", "all",
                                *QUICK, "a")
        self.assertEqual((1, b"one\n"), (done.returncode, done.stdout))
        self.assert_error(done.stderr, "send", "1 reply, and then the server did not close within",
                          "--timeout 0")

    def test_missing_replies(self):
        def script(sock):
            for message in messages_of(sock):
                if message != "c":
                    sock.sendall(framed(message))

        for words in ([], ["--pipeline"], ["--replies", "3"]):
            with self.subTest(words):
                out, _ = self.send_to(script, *words, "a", "b", "c", status=1)
                self.assertEqual("a\nb\n", out)
                self.assertIn("2 of 3 replies: the server closed the connection", self.said)

    def test_silence(self):

        def script(sock):
            sock.sendall(framed(read_message(sock)))
            self.over.wait(TIMEOUT)

        for words, parts in ((["a", "b", "c"], ("1 of 3 replies: nothing arrived for 300ms",
                                                "(1 message was not sent)")),
                             (["--pipeline", "a", "b", "c"], ("1 of 3 replies: nothing",))):
            with self.subTest(words):
                self.over.clear()
                server = self.script(script)
                done = self.run_command("send", f"{HOST}:{server.port}", *FRAMED, *QUICK, *words)
                self.over.set()
                self.assertEqual((1, b"a\n"), (done.returncode, done.stdout))
                self.assert_error(done.stderr, "send", "io.timeout_reply: ", *parts, "--no-reply",
                                  "--replies")

    def test_a_server_that_never_answers(self):
        out, got = self.send_to(lambda sock: list(messages_of(sock)) or receive(sock, 1), *QUICK,
                                "--no-reply", "a", "b")
        self.assertEqual(("", ["a", "b"]), (out, got))
        server = self.script(lambda sock: self.over.wait(TIMEOUT))
        said = self.assert_fails(1, ["send", f"{HOST}:{server.port}", *FRAMED, *QUICK, "a"],
                                 "io.timeout_reply: no reply within 300ms")
        self.assertIn("--no-reply", said)

    def test_a_server_that_closes_early(self):
        def script(sock):
            sock.sendall(framed(read_message(sock)))

        out, _ = self.send_to(script, "a", "b", status=1)
        self.assertEqual("a\n", out)
        self.assertTrue("1 of 2 replies: the server closed the connection" in self.said
                        or "io.reset" in self.said, self.said)
        self.assertEqual("a\n", self.send_to(script, "a")[0])

    def test_a_server_that_resets_after_it_has_answered_all(self):
        def answer(sock):
            sock.sendall(framed(read_message(sock)))
            self.assertEqual(b"", sock.recv(1))
            reset_at_end(sock)

        self.assertEqual("a\n", self.send_to(answer, "a")[0])

    def test_a_server_that_resets_before_it_has_read_all(self):
        def script(sock):
            sock.recv(1)
            reset_at_end(sock)

        out, _ = self.send_to(script, "--no-reply", "a", "b", status=1)
        self.assertEqual("", out)
        self.assertIn("io.reset", self.said)


class Strict(RepliesTest):

    def test_one_each(self):
        self.assertEqual("re: a\nre: b\n",
                         self.send_to(answer_each("re:"), "--strict", "a", "b")[0])

    def test_more_or_unasked(self):
        def greets(sock):
            sock.sendall(framed("welcome"))
            return answer_each("re:")(sock)

        for script in (answer_each("first", "second"), greets):
            with self.subTest(script):
                self.send_to(script, "--strict", "a", "b", "c", status=1)
                self.assertIn("an unexpected frame arrived", self.said)

    def test_fewer(self):
        self.send_to(lambda sock: sock.sendall(framed(read_message(sock))), "--strict", "a", "b",
                     status=1)


if __name__ == "__main__":
    unittest.main()
