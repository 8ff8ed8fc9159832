"""Who may connect to `serve`, through which proxies, and how much they may send."""
import os
import time
import unittest

from command_line import BINARY, HOST, CommandTest, receive_to_end


class Access(CommandTest):

    def test_wrong_usage(self):
        for words, part in (
                (("--proxy-protocol", "maybe"), "'maybe' is not 'required'"),
                (("--proxy-protocol", "required"), "which proxies are trusted?"),
                (("--trust", "10.0.0.0/8"), "no PROXY header is read"),
                (("--deny", "10.0.0.1/8"), "bits are set after the first 8"),
                (("--allow", "localhost"), "not a numeric address")):
            with self.subTest(words):
                self.assert_fails(2, ("serve", "line", ":0", *words), part)
        for words, part in ((("--send-proxy", "v3"), "no version of PROXY headers"),
                            (("--proxy-source", "192.0.2.7:1"), "no PROXY header is sent"),
                            (("--proxy-source", "localhost:1"), "no numeric address")):
            for command in ("send", "connect"):
                with self.subTest(words, command=command):
                    self.assert_fails(2, (command, "line", ":1", *words), part)

    def test_a_denied_address(self):
        server = self.server("line", "--quiet", "--allow", "127.0.0.0/8", "--deny", HOST)
        self.assertEqual(b"", receive_to_end(self.connect_to(server.port)))
        server.wait_until("the log", lambda: b"limit.denied: this address may not connect"
                          in server.err)

    def test_an_announced_address(self):
        """In the console of a protocol, from one of our clients."""
        server = self.server("walkthrough", "--proxy-protocol", "required", "--trust", HOST)
        for command, data in (("send", b""), ("connect", b"Hello\n")):
            words = ["Hello"] if command == "send" else []
            done = self.run_command(command, "walkthrough", f"{HOST}:{server.port}", *words,
                                    "--send-proxy", "v2", "--proxy-source", "192.0.2.7:51000",
                                    data=data)
            self.assertEqual(0, done.returncode, done)
            self.assertIn(b"Hello", done.stdout)
        server.wait_until("the address", lambda: server.out.count(b"'192.0.2.7', 51000") >= 2)

    def test_what_is_no_header(self):
        server = self.server("walkthrough", "--quiet", "--proxy-protocol", "required",
                             "--trust", HOST)
        sock = self.connect_to(server.port)
        sock.sendall(b"GET / HTTP/1.1\r\n\r\n")
        self.assertEqual(b"", receive_to_end(sock))
        for part in (b"proxy.missing", b'the stream begins with "GET / ', b"looks like HTTP"):
            server.wait_until("the log", lambda part=part: part in server.err)

    def test_a_client_that_sends_too_much_waits(self):
        server = self.server("line", "--quiet", "--messages-per-second", "50")
        began = time.monotonic()
        self.assertEqual(60 * b"x\n", self.assert_done(
            "send", "line", f"{HOST}:{server.port}", data=60 * b"x\n"))
        self.assertGreaterEqual(time.monotonic() - began, 0.19)

    def test_an_abstract_name(self):
        address = f"unix:@framewire-{os.getpid()}"
        server = self.start([BINARY, "serve", "line", address])
        server.wait_until("where it listens", lambda: b"@framewire" in server.out + server.err)
        self.assertEqual(b"Hello\n", self.assert_done("send", "line", address, "Hello"))
        self.stop(server)


if __name__ == "__main__":
    unittest.main()
