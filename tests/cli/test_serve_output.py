"""What `serve` prints into places where nobody reads it, or reads it late: the clients do not
notice, and the server ends when it is told to. And how much it prints of what peers cause.
"""
import os
import pty
import re
import resource
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from command_line import BINARY, HOST, TIMEOUT, free_port, receive, tied_to_us
from test_serve import HELLO, ServeTest

KiB, MiB = 1 << 10, 1 << 20
SHOWN_MAX = 4 * KiB  # of a message
SHOWN_MAX_OF_PROTOCOLS = 2 * MiB
SECOND_MAX, BURST_MAX = 1 * MiB, 16 * MiB  # of what peers cause


class Output(ServeTest):

    def test_output_that_nobody_takes(self):
        for name, output in (("closed", None), ("full", "/dev/full"), ("no reader", "pipe")):
            with self.subTest(name):
                self.serve_with_output(output)

    def serve_with_output(self, output):
        port = free_port()
        words = [str(BINARY), "serve", "walkthrough", f"{HOST}:{port}"]
        if output is None:
            words = ["sh", "-c", 'exec "$@" >&-', "sh", *words]
        reader, writer = os.pipe()
        os.close(reader)
        with open(output, "wb") if output == "/dev/full" else os.fdopen(os.dup(writer)) as taken:
            os.close(writer)
            child = subprocess.Popen(tied_to_us(words), stdout=taken, stderr=subprocess.PIPE)
        self.addCleanup(self.end, child)
        for _ in range(2):
            sock = self.wait_to_connect(port, child)
            sock.sendall(HELLO * 100)
            self.assertEqual(HELLO * 100, receive(sock, 1500))
            sock.close()
        child.terminate()
        self.assertEqual(0, child.wait(TIMEOUT), child.stderr.read())


    def start_with(self, stdout, *words, stderr=subprocess.PIPE, **options):
        """`serve` on a free port, with that standard output; the child, with its `port`."""
        port = free_port()
        command = [str(word) for word in (BINARY, "serve", *words, f"{HOST}:{port}")]
        child = subprocess.Popen(tied_to_us(command), stdout=stdout, stderr=stderr, **options)
        child.port = port
        self.addCleanup(self.end, child)
        return child

    def terminal_that_nobody_reads(self):
        reader, writer = pty.openpty()
        self.addCleanup(os.close, reader)
        self.addCleanup(os.close, writer)
        return writer

    def test_terminal_that_nobody_reads(self):
        """Its output says that it is writable, and then the write blocks."""
        long = b"0000100000" + b"x" * 100_000
        for name, words in (("console", ["walkthrough"]), ("transcripts", ["walkthrough", "-qv"])):
            for message, count in ((HELLO, 3000), (long, 3)):
                with self.subTest((name, message[:15])):
                    terminal = self.terminal_that_nobody_reads()
                    child = self.start_with(terminal, *words, stderr=terminal)
                    sock = self.wait_to_connect(child.port, child)
                    for _ in range(count):
                        sock.sendall(message)
                        self.assertEqual(message, receive(sock, len(message)))
                    sock.close()
                    child.terminate()
                    self.assertEqual(0, child.wait(TIMEOUT))

    def test_output_that_does_not_block_is_complete(self):
        """As another program that shares the terminal may leave it."""
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        child = self.start_with(writer, "--framing", "line", stderr=subprocess.DEVNULL)
        os.close(writer)
        sock = self.wait_to_connect(child.port, child)
        count = 20_000
        sock.sendall(b"Hello\n" * count)
        self.assertEqual(b"Hello\n" * count, receive(sock, 6 * count))
        with os.fdopen(reader) as output:
            shown = 0
            while shown < count:
                shown += "sent: Hello" in output.readline()

    def test_a_file_that_was_full_for_a_while(self):
        """What is missing is said, on a line of its own."""
        with tempfile.NamedTemporaryFile() as file:
            before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            self.addCleanup(signal.signal, signal.SIGXFSZ, before)
            child = self.start_with(file, "--framing", "line", restore_signals=False)
            sock = self.wait_to_connect(child.port, child)

            def send(message):
                sock.sendall(message)
                self.assertEqual(message, receive(sock, len(message)))

            send(b"one\n")
            self.wait_for_size(file.name, lambda size: size > 50)
            full = os.path.getsize(file.name) + 10
            resource.prlimit(child.pid, resource.RLIMIT_FSIZE, (full, resource.RLIM_INFINITY))
            send(b"two\nthree\n")
            self.wait_for_size(file.name, lambda size: size == full)
            send(b"four\n")
            resource.prlimit(child.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
            send(b"five\n")
            sock.close()
            child.terminate()
            self.assertEqual(0, child.wait(TIMEOUT))
            file.seek(0)
            text = file.read().decode()
        self.assertRegex(text, r"sent: one\n.{10}\n# [23] lines left out: they could not be "
                               r"written\n(.* sent: four\n)?.* sent: five\n")

    def wait_for_size(self, path, right):
        deadline = time.monotonic() + TIMEOUT
        while not right(os.path.getsize(path)):
            self.assertLess(time.monotonic(), deadline, os.path.getsize(path))
            time.sleep(0.005)

    def test_threads_that_cannot_be_had(self):
        """With stacks that are larger than the memory."""
        def huge_stacks():
            resource.setrlimit(resource.RLIMIT_STACK, (1 << 39, resource.RLIM_INFINITY))

        if resource.getrlimit(resource.RLIMIT_STACK)[1] != resource.RLIM_INFINITY:
            self.skipTest("stacks are limited here")
        if Path("/proc/sys/vm/overcommit_memory").read_text().strip() == "1":
            self.skipTest("the system promises more memory than it has")
        child = self.start_with(subprocess.PIPE, "echo", preexec_fn=huge_stacks)
        out, err = child.communicate(timeout=TIMEOUT)
        self.assertEqual((1, b""), (child.returncode, out), err)
        self.assert_error(err, "serve", "cannot make a thread for what is printed: ")

    def test_one_place_for_both_keeps_their_order(self):
        """As a terminal, or a pipe for `2>&1`."""
        child = self.start_with(subprocess.PIPE, "walkthrough", stderr=subprocess.STDOUT)
        for _ in range(8):
            sock = self.wait_to_connect(child.port, child)
            sock.sendall(b"x")
            sock.close()
            self.assertEqual([b"Connected", b"framewire", b"Finished"], [
                self.next_line_but(b"Server listening", child).split()[0] for _ in range(3)])

    def next_line_but(self, beginning, child):
        line = child.stdout.readline()
        return child.stdout.readline() if line.startswith(beginning) else line

    def test_output_that_nobody_reads(self):
        """A pipe that is full, as a pager leaves it, stops neither the clients nor the end."""
        port = free_port()
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        child = subprocess.Popen(tied_to_us([str(BINARY), "serve", "walkthrough",
                                             f"{HOST}:{port}"]), stdout=writer)
        os.close(writer)
        self.addCleanup(self.end, child)
        sock = self.wait_to_connect(port, child)
        for _ in range(100):
            sock.sendall(HELLO * 100)
            self.assertEqual(HELLO * 100, receive(sock, 1500))
        self.exchange(port).close()
        sock.close()
        child.terminate()
        self.assertEqual(0, child.wait(TIMEOUT))

    def test_output_that_is_read_late_is_complete(self):
        port = free_port()
        child = subprocess.Popen(tied_to_us([str(BINARY), "serve", "walkthrough",
                                             f"{HOST}:{port}"]), stdout=subprocess.PIPE)
        self.addCleanup(child.stdout.close)
        self.addCleanup(self.end, child)
        sock = self.wait_to_connect(port, child)
        for _ in range(100):
            sock.sendall(HELLO * 100)
            self.assertEqual(HELLO * 100, receive(sock, 1500))
        for _ in range(2):
            child.stdout.readline()
        for _ in range(10_000):
            self.assertEqual(b"Client sent: Hello\n", child.stdout.readline())
        sock.close()

    def flood(self, line, count, *words):
        """Sends lines; what is in the files of standard output and standard error."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            child = self.start_with(out, "--framing", "line", *words, stderr=err)
            sock = self.wait_to_connect(child.port, child)
            begin = time.monotonic()
            for _ in range(0, count, 1000):
                sock.sendall(line * 1000)
                self.assertEqual(line * 1000, receive(sock, len(line) * 1000))
            sock.close()
            child.terminate()
            self.assertEqual(0, child.wait(TIMEOUT))
            seconds = time.monotonic() - begin
            for file in (out, err):
                file.seek(0)
            return out.read().decode(), err.read().decode(), seconds

    def test_a_flood_does_not_fill_the_disk(self):
        """Every line is shown or counted."""
        count = 30_000
        text, _, seconds = self.flood(b"x" * 999 + b"\n", count)
        allowed = BURST_MAX + SECOND_MAX * (seconds + 1)
        self.assertLess(len(text), allowed)
        shown = text.count(" sent: xxx")
        left_out = sum(map(int, re.findall(
            r"(?m)^# (\d+) lines left out: more than 1 MiB in a second$", text)))
        self.assertTrue(left_out > 0 or count * 1000 < allowed, text[-300:])
        # Those who come and go may be left out, too.
        self.assertIn(shown + left_out - count, range(0, 3), text[-300:])

    def test_a_flood_does_not_fill_the_disk_with_transcripts(self):
        """Of connections, as the lines of each have a bound besides."""
        with tempfile.TemporaryFile() as err:
            child = self.start_with(subprocess.DEVNULL, "--framing", "line", "-qv", stderr=err)
            begin = time.monotonic()
            self.wait_to_connect(child.port, child)
            for _ in range(50):
                sock = self.connect_to(child.port)
                sock.sendall((b"x" * 4000 + b"\n") * 100)
                self.assertEqual(400_100, len(receive(sock, 400_100)))
                sock.close()
            child.terminate()
            self.assertEqual(0, child.wait(TIMEOUT))
            seconds = time.monotonic() - begin
            err.seek(0)
            text = err.read().decode()
        allowed = BURST_MAX + SECOND_MAX * (seconds + 1)
        self.assertLess(len(text), allowed)
        if 50 * 400_000 > allowed:
            self.assertRegex(text, r"(?m)^# \d+ lines? left out: more than 1 MiB in a second$")

    def test_of_a_large_message_the_beginning_is_shown(self):
        """Whole characters of it, whether it comes whole or in pieces."""
        server = self.server("--framing", "line", "--service", "echo", "--max-payload", "64KiB")
        whole = "a" * SHOWN_MAX
        long = "a" + "é" * 30_000
        pieces = "a" + "é" * 60_000
        for text in (whole, long, pieces):
            self.exchange(server.port, text.encode() + b"\n").close()
        server.wait_until("the end", lambda: server.out.count(b" left\n") == 3)
        shown = re.findall(r" sent: (.*)\n", server.out.decode())
        beginning = "a" + "é" * (SHOWN_MAX // 2 - 1)
        self.assertEqual([whole, f"{beginning}... (60001 bytes)",
                          f"{beginning}... (120001 bytes)"], shown)

    def test_what_is_escaped_is_shown_no_longer(self):
        size = SHOWN_MAX_OF_PROTOCOLS
        server = self.server("walkthrough")
        self.exchange(server.port, b"%010d%b" % (size, b"\1" * size)).close()
        server.wait_until("the end", lambda: b"Finished" in server.out)
        line = server.lines()[2]
        self.assertEqual("Client sent: " + r"\x01" * (size // 4) + f"... ({size} bytes)", line,
                         len(line))

    def test_literals_show_their_beginning(self):
        server = self.server("greeting", "--framing", "line", "--service", "echo")
        size = SHOWN_MAX_OF_PROTOCOLS
        self.exchange(server.port, b"x" * size + b"\n").close()
        server.wait_until("the end", lambda: b"Closing" in server.out)
        line = next(line for line in server.lines() if "message from client" in line)
        self.assertTrue(line.startswith("  message from client: b'xxx"))
        self.assertTrue(line.endswith(f"x'... ({size} bytes)"), line[-40:])

    def test_protocols_show_a_million_characters(self):
        server = self.server("walkthrough")
        for size in (SHOWN_MAX_OF_PROTOCOLS, SHOWN_MAX_OF_PROTOCOLS + 1):
            self.exchange(server.port, b"%010d%b" % (size, b"x" * size)).close()
        server.wait_until("the end", lambda: server.out.count(b"Finished") == 2)
        shown = re.findall(r"Client sent: (.*)\n", server.out.decode())
        beginning = "x" * SHOWN_MAX_OF_PROTOCOLS
        self.assertTrue([beginning, f"{beginning}... ({SHOWN_MAX_OF_PROTOCOLS + 1} bytes)"] ==
                        shown, [(len(text), text[-40:]) for text in shown])


if __name__ == "__main__":
    unittest.main()
