"""What `serve` prints into places where nobody reads it, or reads it late: the clients do not
notice, and the server ends when it is told to.
"""
import os
import subprocess
import unittest

from command_line import BINARY, HOST, TIMEOUT, free_port, receive, tied_to_us
from test_serve import HELLO, ServeTest


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


if __name__ == "__main__":
    unittest.main()
