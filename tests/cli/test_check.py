"""`check`: our server passes, and servers with the usual mistakes are caught by a case that says
what is wrong with them.
"""
import contextlib
import re
import socket
import threading
import unittest

from command_line import HOST, CommandTest, free_port

LINE = re.compile(r"^(pass|fail|warning|skipped) +(\d+) ([\w.-]+)", re.MULTILINE)


class Mistaken:
    """A server for digits:10 whose `serve(sock)` has a mistake; its clients are served in threads
    of their own."""

    def __init__(self, test, serve):
        self.serve = serve
        self.listener = socket.create_server((HOST, free_port()), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()
        test.addCleanup(self.close)

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self.listener.accept()
                threading.Thread(target=self._talk, args=(sock,), daemon=True).start()

    def _talk(self, sock):
        with sock, contextlib.suppress(OSError, ValueError, EOFError):
            self.serve(sock)

    def close(self):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)  # wakes the thread
        self.listener.close()
        self.thread.join()


def one_recv_for_each_part(sock):
    while header := sock.recv(10):
        payload = sock.recv(int(header))
        sock.sendall(b"%010d" % len(payload) + payload)


class CheckTest(CommandTest):

    def check(self, port, *words, status=0):
        """The names of the cases by verdict, and all that was printed."""
        done = self.run_command("check", f"{HOST}:{port}", *words)
        text = done.stdout.decode()
        self.assertEqual((status, b""), (done.returncode, done.stderr), text)
        found = {}
        for verdict, _, name in LINE.findall(text):
            found.setdefault(verdict, []).append(name)
        return found, text


class OurServer(CheckTest):

    def test_it_passes(self):
        server = self.server("digits:10")
        found, text = self.check(server.port, "-f", "digits:10")
        self.assertEqual(["pass"], list(found), text)
        self.assertIn("pieces.split", found["pass"])


class Mistakes(CheckTest):

    def test_one_recv_for_each_part(self):
        server = Mistaken(self, one_recv_for_each_part)
        found, text = self.check(server.port, "-f", "digits:10", status=1)
        self.assertIn("pieces.split", found["fail"])
        self.assertIn("took the first piece for a whole message", " ".join(text.split()))


if __name__ == "__main__":
    unittest.main()
