"""Crowds at `serve`: they neither lock others out nor take its memory."""
import contextlib
import os
import time
import unittest

from command_line import BINARY, HOST, TIMEOUT, CommandTest, free_port, receive

HELLO = b"0000000005Hello"
MIB = 1 << 20
SANITIZED = "sanitize" in os.environ.get("FRAMEWIRE_CXX_FLAGS", "")


class Crowds(CommandTest):

    def is_served(self, port):
        with contextlib.suppress(OSError, EOFError):
            sock = self.connect_to(port)
            sock.sendall(HELLO)
            return receive(sock, len(HELLO)) == HELLO
        return False

    def assert_comes_to_serve(self, server):
        deadline = time.monotonic() + TIMEOUT
        while not self.is_served(server.port):
            self.assertLess(time.monotonic(), deadline, server.report())

    def crowd(self, server, count):
        return [self.connect_to(server.port) for _ in range(count)]

    def test_those_who_say_nothing_lock_nobody_out(self):
        server = self.server("walkthrough", "--quiet", "--max-connections", "20")
        self.crowd(server, 60)
        self.assert_comes_to_serve(server)
        self.assertIn("limit.evicted", self.stop(server))

    def test_one_address_has_only_its_part(self):
        server = self.server("walkthrough", "--quiet", "--max-per-address", "3")
        self.crowd(server, 30)
        server.find_error("limit.address")
        self.assert_comes_to_serve(server)
        self.assertIn("limit.address", self.stop(server))

    # Ten times as much as there is, complete or not, and none of it read back.
    @unittest.skipIf(SANITIZED, "a sanitizer needs more addresses than this has")
    def test_memory_is_bounded(self):
        port = free_port()
        program = self.start(["prlimit", f"--as={400 * MIB}", BINARY, "serve", "walkthrough",
                              f"{HOST}:{port}", "--quiet", "--max-memory", "64MiB"])
        program.port = port
        self.wait_for_listener(program)
        message = b"0016777216" + b"z" * (16 * MIB)
        for data in (memoryview(message)[:-1], message):
            crowd = []
            for _ in range(20):
                sock = self.connect_to(port)
                with contextlib.suppress(OSError):
                    sock.settimeout(TIMEOUT / 20)
                    sock.sendall(data)
                crowd.append(sock)
                self.assertTrue(self.is_served(port), program.report())
            for sock in crowd:
                sock.close()
        self.assertIn("limit.memory", self.stop(program))


if __name__ == "__main__":
    unittest.main()
