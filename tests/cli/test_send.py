"""`send`: where messages come from (arguments, files, standard input), what is printed, and what
an option or a stream that is closed early does to it.
"""
import contextlib
import os
import subprocess
import threading
import time
import unittest

from command_line import (BINARY, HOST, TIMEOUT, CommandTest, receive, receive_to_end,
                          tied_to_us)
from transcripts import bytes_of, kind_of, kinds_of

ACKNOWLEDGED = b"Message received successfully....\n"


def framed(*messages):
    """As walkthrough does, which counts characters."""
    return "".join(f"{len(message):010d}{message}" for message in messages).encode()


class SendTest(CommandTest):

    def send_to(self, server, *words, data=b""):
        """What it has printed, having succeeded."""
        return self.assert_done("send", *server.words, *words, data=data)

    def server_of(self, protocol, *options):
        server = self.server(protocol, *options)
        server.words = (protocol, f"{HOST}:{server.port}")
        return server

    def assert_messages(self, server, *messages):
        """They are all that the walkthrough server has been sent."""
        server.wait_until("the end", lambda: b"Finished" in server.out)
        self.assertEqual([f"Client sent: {message}" for message in messages],
                         [line for line in server.lines() if line.startswith("Client sent")])


class Messages(SendTest):

    def test_arguments(self):
        server = self.server_of("walkthrough")
        self.assertEqual("Hello\n\nhéllo wörld\n".encode(),
                         self.send_to(server, "Hello", "", "héllo wörld"))
        self.assert_messages(server, "Hello", "", "héllo wörld")

    def test_options_between_messages(self):
        server = self.server_of("walkthrough")
        self.assertEqual(b"one\ntwo\n", self.send_to(server, "one", "--timeout", "3s", "two"))

    def test_lines_of_standard_input(self):
        server = self.server_of("walkthrough")
        self.assertEqual(b"one\n\nthree\n", self.send_to(server, data=b"one\n\nthree"))
        self.assert_messages(server, "one", "", "three")

    def test_no_lines(self):
        server = self.server_of("walkthrough")
        self.assertEqual(b"", self.send_to(server))
        self.assert_messages(server)

    def test_standard_input_is_left_alone_if_there_are_messages(self):
        server = self.server_of("acknowledge")
        self.assertEqual(ACKNOWLEDGED, self.send_to(server, "one", data=b"two\nthree\n"))

    def test_messages_behind_the_border(self):
        server = self.server_of("walkthrough")
        messages = ["--framing", "echo", "127.0.0.1:1", "-v", "--help", "--", ""]
        self.assertEqual("".join(f"{message}\n" for message in messages).encode(),
                         self.send_to(server, "--", *messages))
        self.assert_messages(server, *messages)

    def test_messages_on_both_sides_of_the_border(self):
        server = self.server_of("walkthrough")
        self.assertEqual(b"one\n-two\n", self.send_to(server, "one", "--", "-two"))

    def test_a_message_that_looks_like_a_protocol(self):
        server = self.server_of("walkthrough")
        self.assertEqual(b"echo\n", self.send_to(server, "echo"))

    def test_an_exchange_of_its_own_for_each_line(self):
        """A line is sent when it is complete, not when the input ends."""
        server = self.server_of("walkthrough")
        client = self.start([BINARY, "send", *server.words])
        for number in range(3):
            client.feed(f"line {number}\n", last=False)
            client.wait_for_lines(number + 1)
        client.feed("", last=True)
        self.assertEqual(0, client.finish(), client.report())

    def test_greeting(self):
        server = self.server_of("greeting")
        self.assertEqual(b"Goodbye, client!\n", self.send_to(server, "Greetings,server"))

    def test_acknowledge(self):
        server = self.server_of("acknowledge")
        self.assertEqual(ACKNOWLEDGED * 2, self.send_to(server, "Hello", "Disconnect !"))

    def test_a_framing_without_a_protocol(self):
        port = self.server("--framing", "digits:4").port
        self.assertEqual(b"Hello\n", self.assert_done(
            "send", f"{HOST}:{port}", "--framing", "digits:4", "Hello"))

    def test_local_address(self):
        address = self.unix_address()
        server = self.start([BINARY, "serve", "--framing", "digits:10", address])
        server.wait_for_lines(1)
        self.assertEqual([f"Listening on {address}"], server.lines())
        self.assertEqual(b"Hello\n", self.assert_done(
            "send", address, "--framing", "digits:10", "Hello"))
        self.stop(server)


class Files(SendTest):
    BINARY_DATA = bytes(range(256)) * 20 + b"\r\n\x00"

    def test_binary_file(self):
        server = self.server_of("echo")
        self.assertEqual(self.BINARY_DATA + b"\n",
                         self.send_to(server, "--file", self.file_with(self.BINARY_DATA)))

    def test_file_from_standard_input(self):
        server = self.server_of("echo")
        self.assertEqual(self.BINARY_DATA + b"\n",
                         self.send_to(server, "--file", "-", data=self.BINARY_DATA))

    def test_several_files_after_the_messages(self):
        server = self.server_of("walkthrough")
        one, two = self.file_with(b"one"), self.file_with(b"two\n")
        self.assertEqual(b"zero\none\ntwo\n\n",
                         self.send_to(server, "zero", "--file", one, "--file", two))

    def test_empty_file(self):
        server = self.server_of("acknowledge")
        self.assertEqual(ACKNOWLEDGED, self.send_to(server, "--file", "/dev/null"))

    def test_a_megabyte_unframed(self):
        server = self.server_of("echo", "--quiet")
        data = os.urandom(1_000_000)
        self.assert_bytes(data + b"\n", self.send_to(server, "--file", self.file_with(data)))

    def test_a_megabyte_framed(self):
        server = self.server("--framing", "digits:10", "--quiet")
        data = os.urandom(1_000_000)
        self.assert_bytes(data + b"\n", self.assert_done(
            "send", f"{HOST}:{server.port}", "--framing", "digits:10", "--file", "-", data=data))


class MaxTime(SendTest):

    def trickle(self, sock):
        """Is never silent, and never done."""
        with contextlib.suppress(OSError):
            sock.sendall(b"0001000000")
            while not self.over.wait(0.02):
                sock.sendall(b"x")

    def test_a_server_that_trickles(self):
        self.over = threading.Event()
        self.addCleanup(self.over.set)
        for option in (["--no-reply"], ["--output", "/dev/null"], []):
            with self.subTest(option):
                server = self.script(self.trickle)
                self.assert_fails(1, ["send", f"{HOST}:{server.port}", "--framing", "digits:10",
                                      "Hello", "--max-time", "200ms", "--timeout", "1min",
                                      *option], "not done within 200ms", "raise --max-time")

    def test_time_that_suffices(self):
        server = self.server_of("walkthrough")
        self.assertEqual(b"Hello\n", self.send_to(server, "Hello", "--max-time", "1min"))


class NoReply(SendTest):

    def test_discard(self):
        server = self.server("--framing", "digits:10", "--service", "discard")
        self.assertEqual(b"", self.assert_done(
            "send", f"{HOST}:{server.port}", "--framing", "digits:10", "--no-reply", "one", "two"))
        server.wait_for_lines(5)
        self.assertEqual(["one", "two"], [line.partition("sent: ")[2] for line in server.lines()
                                          if "sent: " in line])
        self.assertEqual("", self.stop(server))

    def test_all_arrives_before_we_leave(self):
        server = self.script(receive_to_end)
        data = b"x" * 3_000_000
        self.assertEqual(b"", self.assert_done(
            "send", "echo", f"{HOST}:{server.port}", "--no-reply", "--file", "-", data=data))
        self.assert_bytes(data, server.result())

    def test_a_server_that_answers_nevertheless(self):
        server = self.server_of("walkthrough")
        messages = [f"message {number}" for number in range(200)]
        self.assertEqual(b"", self.send_to(
            server, "--no-reply", data="".join(f"{line}\n" for line in messages).encode()))
        self.assert_messages(server, *messages)
        self.assertEqual("", self.stop(server))

    def test_an_answer_does_not_cost_messages(self):
        """A socket that is closed with an unread reply resets the connection, and what is still
        to be sent is lost."""
        data = b"x" * 2_000_000

        def script(sock):
            sock.sendall(b"unasked")
            time.sleep(0.2)
            received = b""
            with contextlib.suppress(ConnectionResetError):
                while part := sock.recv(1 << 16):
                    received += part
            return received

        server = self.script(script)
        self.assertEqual(b"", self.assert_done(
            "send", "echo", f"{HOST}:{server.port}", "--no-reply", "--file", "-", data=data))
        self.assert_bytes(data, server.result())


class Verbose(SendTest):

    def verbose(self, *words, data=b""):
        done = self.run_command("send", *words, "-v", data=data)
        self.assertEqual(0, done.returncode, done)
        return done.stdout, done.stderr.decode()

    def test_transcript(self):
        server = self.server_of("walkthrough")
        strange = 'it\'s "quoted" \\ héllo\n\x01'
        out, transcript = self.verbose(*server.words, "Hello", strange)
        self.assertIn(b"Hello\n", out)
        self.assertNotIn(None, kinds_of(transcript), transcript)
        lines = transcript.splitlines()
        self.assertEqual("framing digits:10,count=chars",
                         next(line for line in lines if not line.startswith("#")))
        self.assertIn('> "0000000005Hello"', lines)
        self.assertIn('< "0000000005Hello"', lines)
        self.assertIn('= frame "Hello" at 0', lines)
        self.assertEqual(framed("Hello", strange), bytes_of(transcript, ">"))
        self.assertEqual(framed("Hello", strange), bytes_of(transcript, "<"))

    def test_every_byte(self):
        server = self.server_of("echo")
        data = bytes(range(256))
        _, transcript = self.verbose(*server.words, "--file", "-", data=data)
        self.assertNotIn(None, kinds_of(transcript), transcript)
        self.assertTrue(all(c.isprintable() or c == "\n" for c in transcript))
        self.assertEqual(data, bytes_of(transcript, ">"))

    def test_long_messages_are_abridged(self):
        server = self.server_of("echo", "--quiet")
        _, transcript = self.verbose(*server.words, "--file", "-", data=b"x" * 1_000_000)
        self.assertNotIn(None, kinds_of(transcript))
        self.assertLess(len(transcript), 500_000)

    def test_failure(self):
        server = self.script(lambda sock: (receive(sock, 15), sock.sendall(b"+000000005")))
        done = self.run_command("send", "walkthrough", f"{HOST}:{server.port}", "-v", "Hello")
        lines = done.stderr.decode().splitlines()
        self.assertTrue(any(line.startswith("= failed frame.length_syntax at 0: ")
                            for line in lines), lines)
        self.assertEqual(["framewire send: frame.length_syntax at 0: ",
                          "hint: framewire trace FILE lists the frami"],
                         [line[:42] for line in lines if kind_of(line) is None])


class OutputThatIsNotRead(SendTest):

    def run_with_output(self, server, output, data):
        return subprocess.run(
            tied_to_us([str(BINARY), "send", *server.words]), input=data, stdout=output,
            stderr=subprocess.PIPE, timeout=TIMEOUT, check=False)

    def test_closed_early(self):
        """As `| head -1` does; ends soon, and not in good health."""
        server = self.server_of("walkthrough", "--quiet")
        reader, writer = os.pipe()
        os.close(reader)
        with os.fdopen(writer, "wb") as output:
            done = self.run_with_output(server, output, b"line\n" * 1000)
        self.assertIn(done.returncode, (0, 1), done)
        self.assertLessEqual(done.stderr.count(b"\n"), 2)

    def test_full_disk_is_a_failure(self):
        server = self.server_of("walkthrough")
        with open("/dev/full", "wb") as output:
            done = self.run_with_output(server, output, b"Hello\n")
        self.assertEqual(1, done.returncode, done)
        self.assert_error(done.stderr, "send", "no space left")

    def test_standard_streams_are_closed(self):
        server = self.server_of("walkthrough")
        line = ' '.join([str(BINARY), "send", *server.words, "Hello", "<&-", ">&-", "2>&-"])
        done = subprocess.run(["sh", "-c", line], timeout=TIMEOUT, check=False)
        self.assertIn(done.returncode, (0, 1))
        self.assert_messages(server, "Hello")


if __name__ == "__main__":
    unittest.main()
