"""What signals do to `serve`, and what it does when the system refuses it something at its start.
"""
import os
import resource
import signal
import socket
import subprocess
import time
import unittest

from command_line import BINARY, HOST, TIMEOUT, CommandTest, free_port, receive, tied_to_us

HELLO = b"0000000005Hello"
STRANGER = 54321  # a user who has no processes
STANDARD = (1 << 31) - 1  # the others are the C library's and real-time signals


class Signals(CommandTest):

    def exchange(self, port):
        sock = self.connect_to(port)
        sock.sendall(HELLO)
        self.assertEqual(HELLO, receive(sock, len(HELLO)))
        return sock

    def half_a_frame(self, port):
        """A connection that a drain has to wait for."""
        sock = self.exchange(port)
        sock.sendall(HELLO[:12])
        return sock

    def test_each_that_ends_it_lets_it_answer(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with self.subTest(number.name):
                server = self.server("walkthrough", "--quiet")
                sock = self.half_a_frame(server.port)
                server.child.send_signal(number)
                sock.sendall(HELLO[12:])
                self.assertEqual(HELLO, receive(sock, len(HELLO)))
                self.assertEqual(b"", sock.recv(1))
                self.assertEqual(0, server.finish(), server.report())
                self.assertEqual(b"", bytes(server.err))

    def test_a_terminal_that_is_closed_may_say_so_often(self):
        server = self.server("walkthrough", "--quiet")
        sock = self.half_a_frame(server.port)
        server.child.terminate()
        for _ in range(20):
            server.child.send_signal(signal.SIGHUP)
        sock.sendall(HELLO[12:])
        self.assertEqual(HELLO, receive(sock, len(HELLO)))
        self.assertEqual(0, server.finish(), server.report())

    def test_one_started_by_nohup_outlives_its_terminal(self):
        port = free_port()
        before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        try:
            server = self.start([BINARY, "serve", "walkthrough", "--quiet", f"{HOST}:{port}"])
        finally:
            signal.signal(signal.SIGHUP, before)
        server.port = port
        self.wait_for_listener(server)
        server.child.send_signal(signal.SIGHUP)
        self.exchange(port)
        self.stop(server)

    def test_quit_ends_it_at_once(self):
        address = self.unix_address()
        server = self.start([BINARY, "serve", "walkthrough", address])
        server.wait_for_lines(1)
        with socket.socket(socket.AF_UNIX) as sock:
            sock.connect(address.removeprefix("unix:"))
            sock.sendall(HELLO[:12])
            server.wait_for_lines(2)
            server.child.send_signal(signal.SIGQUIT)
            self.assertEqual(1, server.finish(), server.report())
        self.assertIn(b"limit.drain 1", bytes(server.err))
        self.assertFalse(os.path.exists(address.removeprefix("unix:")))

    def test_user_signals(self):
        server = self.server("walkthrough", "--quiet")
        self.exchange(server.port)
        server.child.send_signal(signal.SIGUSR1)
        server.find_error("framewire serve: 1 connections, 1 of them open; 1 frames; "
                          "15 bytes received, 15 bytes sent\n")
        self.exchange(server.port)
        self.stop(server)

    def test_what_a_drain_cuts_off_is_said(self):
        server = self.server("walkthrough", "--quiet", "--drain", "100ms")
        for _ in range(2):
            self.half_a_frame(server.port)
        log = self.stop(server, 1)
        self.assertEqual(2, log.count("): limit.drain at "), log)
        self.assertIn("2 connections; failed: limit.drain 2\n", log)

    def test_one_that_comes_during_the_start(self):
        """From the first moment at which the server can be found."""
        for _ in range(10):
            address = self.unix_address()
            path = address.removeprefix("unix:")
            server = self.start([BINARY, "serve", "walkthrough", address, "--quiet"])
            deadline = time.monotonic() + TIMEOUT
            while not os.path.exists(path) and time.monotonic() < deadline:
                pass
            server.child.terminate()
            self.assertEqual(0, server.finish(), server.report())
            self.assertFalse(os.path.exists(path))

    def test_commands_inherit_none_of_it(self):
        server = self.server("--framing", "line", "--service", "exec:grep -E '^Sig(Ign|Blk)' "
                             "/proc/self/status | tr -d '\\n'", "--quiet")
        sock = self.connect_to(server.port)
        sock.sendall(b"x\n")
        found = sock.makefile("rb").readline().decode()
        masks = [int(word, 16) for word in found.replace("SigIgn:", " ").split() if word[0] == "0"]
        self.assertEqual([0, 0], [mask & STANDARD for mask in masks], found)
        self.stop(server)


class Refusals(CommandTest):

    def test_the_largest_file_allowed(self):
        """What does not fit into the console's file is lost; the server is not."""
        port = free_port()
        with open(f"{self.folder()}/console", "wb") as console:
            child = subprocess.Popen(
                tied_to_us([BINARY, "serve", "walkthrough", f"{HOST}:{port}"]), stdout=console,
                stderr=subprocess.DEVNULL,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (512, 512)))
            self.addCleanup(lambda: (child.kill(), child.wait()))
            deadline = time.monotonic() + TIMEOUT
            while True:
                try:
                    sock = self.connect_to(port)
                    break
                except ConnectionRefusedError:
                    self.assertLess(time.monotonic(), deadline)
            for _ in range(50):
                sock.sendall(HELLO)
                self.assertEqual(HELLO, receive(sock, len(HELLO)))
            sock.close()
            self.assertIsNone(child.poll())
            child.terminate()
            self.assertGreaterEqual(child.wait(TIMEOUT), 0)

    def test_a_thread_that_cannot_be_had(self):
        """Threads count as processes of their user; root has no such limit."""
        is_root = os.geteuid() == 0

        def limit():
            count = 3 if is_root else 1
            resource.setrlimit(resource.RLIMIT_NPROC, (count, count))
            if is_root:
                os.setresuid(STRANGER, STRANGER, STRANGER)

        port = free_port()
        done = subprocess.run(
            [BINARY, "serve", "walkthrough", f"{HOST}:{port}", "--threads", "8"],
            capture_output=True, timeout=TIMEOUT, check=False, preexec_fn=limit)
        self.assertEqual((1, b""), (done.returncode, done.stdout), done.stderr)
        self.assertIn(b"cannot start", done.stderr)
        with self.assertRaises(ConnectionRefusedError):
            self.connect_to(port)


if __name__ == "__main__":
    unittest.main()
