"""How the command fails: 0 done, 1 failed, 2 wrong usage; what went wrong on stderr in one line
that names the command, perhaps with a hint, and nothing on stdout.
"""
import os
import socket
import time
import unittest

from command_line import HOST, CommandTest, free_port, receive, receive_to_end

FAILED, USAGE = 1, 2
COMMANDS = ("serve", "connect", "send", "receive", "proxy", "trace", "replay", "bench",
            "check", "store", "certificate", "protocols", "framings")


class WrongUsage(CommandTest):

    def assert_refused(self, words, *parts):
        return self.assert_fails(USAGE, words, *parts)

    def test_no_command(self):
        self.assertIn("framewire --help", self.assert_refused([]))

    def test_unknown_command(self):
        self.assert_refused(["bogus"], "bogus")

    def test_unknown_option_without_a_command(self):
        self.assert_refused(["--bogus"], "--bogus")

    def test_unknown_option(self):
        for command in COMMANDS:
            with self.subTest(command):
                self.assert_refused([command, "--bogus"], "--bogus",
                                    f"framewire {command} --help")

    def test_superfluous_word(self):
        self.assert_refused(["serve", "walkthrough", "nonsense"], "nonsense", "hint: ")
        self.assert_refused(["connect", "walkthrough", "nonsense"], "nonsense", "hint: ")
        self.assert_refused(["protocols", "nonsense"], "nonsense")

    def test_messages_where_none_are_taken(self):
        self.assert_refused(["serve", "walkthrough", "--", "Hello"], "messages")
        self.assert_refused(["connect", "walkthrough", "--", "Hello"], "messages")

    def test_unknown_protocol(self):
        for command in ("serve", "connect", "send", "trace"):
            with self.subTest(command):
                self.assert_refused([command, "bogus"], "unknown protocol or framing 'bogus'",
                                    "hint: 'framewire protocols' and 'framewire framings'")

    def test_no_protocol(self):
        for command in ("serve", "connect", "send", "trace"):
            with self.subTest(command):
                self.assert_refused([command], "protocol", "hint: ")

    def test_bad_framing(self):
        for spec, found in (("digits", None), ("digits:0", "0"), ("digits:x", "x"),
                            ("digits:10,pad=five", "five"), ("fixed:0", "0"), ("raw:5", "5"),
                            ("raw,max=much", "much"), ("raw,maximum=5", "maximum=5"), ("", None)):
            with self.subTest(spec):
                place = f', found "{found}"' if found else " at the end"
                self.assert_refused(["serve", "--framing", spec],
                                    f'framing "{spec}": expected ', place)
        self.assert_refused(["serve", "--framing", "bogus"], 'unknown framing "bogus"')

    def test_bad_address(self):
        for text in ("127.0.0.1:x", "127.0.0.1:65536", "127.0.0.1:-1", "::1:80", "[::1]:x",
                     "[]:80", "unix:", "127.0.0.1:1 "):
            for command in ("serve", "connect"):
                with self.subTest((command, text)):
                    self.assert_refused([command, "echo", text], text, "hint: ")

    def test_bad_service(self):
        for text in ("bogus", "echo:x", "discard,close", "reply", "", "exec", "pipe", "pipes:x",
                     "relay,overflow=", "relay:x"):
            with self.subTest(text):
                self.assert_refused(["serve", "echo", "--service", text],
                                    f"'{text}' is not a service", "hint: ")

    def test_services_without_a_command(self):
        for text in ("exec:", "pipe:", "pipe:,framing=line"):
            with self.subTest(text):
                self.assert_refused(["serve", "echo", "--service", text],
                                    f"'{text}' has no command", "hint: ")

    def test_bad_framing_of_a_command(self):
        self.assert_refused(["serve", "echo", "--service", "pipe:cat,framing=bogus"],
                            'unknown framing "bogus"', "hint: ")

    def test_bad_sizes(self):
        for text in ("much", "5XB", "-1", "1.5MiB", "KiB", "99999999999GiB"):
            with self.subTest(text):
                self.assert_refused(["serve", "echo", f"--max-payload={text}"],
                                    "--max-payload", "size such as")

    def test_bad_durations(self):
        for text in ("soon", "-1s", "1.5ms", "s", "5 s", "1s1m"):
            with self.subTest(text):
                self.assert_refused(["send", "echo", "--timeout", text], "--timeout",
                                    f"'{text}' is not a duration such as")

    def test_limits_of_zero(self):
        for option in ("--threads", "--max-connections", "--exec-max", "--max-payload",
                       "--max-queued", "--max-pushed", "--max-deferred"):
            with self.subTest(option):
                self.assert_refused(["serve", "echo", option, "0"], option, "at least 1")

    def test_missing_value(self):
        self.assert_refused(["send", "echo", "--file"], "--file")
        self.assert_refused(["trace", "--chunk"], "--chunk")

    def test_what_the_user_wrote_does_not_break_the_line(self):
        self.assert_refused(["serve", "a\nb"], "unknown protocol or framing")
        self.assert_refused(["serve", "echo", "--a\nb"], "framewire serve --help")
        done = self.run_command("serve", "echo", "\x1b[2J")
        self.assertEqual(USAGE, done.returncode)
        self.assertNotIn(b"\x1b", done.stderr)


class CannotBegin(CommandTest):

    def assert_failed(self, words, *parts):
        return self.assert_fails(FAILED, words, *parts)

    def test_port_in_use(self):
        with socket.create_server((HOST, 0)) as other:
            at = f"{HOST}:{other.getsockname()[1]}"
            for threads in ("1", "2"):
                with self.subTest(threads):
                    self.assert_failed(["serve", "echo", at, "--threads", threads],
                                       f"cannot listen on {at}: address in use",
                                       f"ss -tanp sport = :{at.split(':')[1]}")

    def test_another_of_our_servers_has_the_port(self):
        for threads in ("1", "2"):
            server = self.server("echo", "--threads", threads)
            with self.subTest(threads):
                self.assert_failed(["serve", "echo", f"{HOST}:{server.port}", "--threads", "2"],
                                   "address in use")

    def test_a_local_socket_in_use(self):
        address = self.unix_address()
        with socket.socket(socket.AF_UNIX) as other:
            other.bind(address.removeprefix("unix:"))
            other.listen()
            self.assert_failed(["serve", "echo", address], "address in use")

    def test_address_of_another_machine(self):
        self.assert_failed(["serve", "echo", "192.0.2.1:7000"], "cannot listen on 192.0.2.1:7000")

    def test_unknown_host(self):
        for command in ("serve", "connect", "send"):
            with self.subTest(command):
                self.assert_failed([command, "echo", "nosuchhost.invalid:7"],
                                   "unknown host 'nosuchhost.invalid'", "hint: ")

    def test_connection_refused(self):
        for command in ("connect", "send"):
            with self.subTest(command):
                at = f"{HOST}:{free_port()}"
                self.assert_failed([command, "echo", at],
                                   f"cannot connect to {at}: connection refused", "hint: ")

    def test_no_such_local_socket(self):
        for command in ("connect", "send"):
            address = self.unix_address()
            self.assert_failed([command, "echo", address], address, "no such file")

    def test_missing_file(self):
        at = f"{HOST}:{self.server('echo').port}"
        for path in ("/nonexistent/file", "/"):
            with self.subTest(path):
                self.assert_failed(["send", "echo", at, "--file", path], f"'{path}'")

    def test_file_without_permission(self):
        with open(f"{self.folder()}/secret", "wb") as file:
            os.chmod(file.name, 0)
            if os.access(file.name, os.R_OK):
                self.skipTest("nothing is forbidden to us")
            self.assert_failed(["send", "echo", "--file", file.name], "ermission denied")


class PeersThatDisappoint(CommandTest):
    """`send` and a server that does something else than answer."""

    def assert_send_fails(self, script, words, *parts):
        server = self.script(script)
        self.assert_fails(FAILED, ["send", words[0], f"{HOST}:{server.port}", *words[1:]], *parts)
        return server.result()

    def test_closed_without_a_reply(self):
        self.assert_send_fails(lambda sock: receive(sock, 15), ["walkthrough", "Hello"],
                               "no reply: the server closed the connection")

    def test_closed_without_a_greeting(self):
        self.assert_send_fails(lambda sock: receive(sock, 16), ["greeting", "Greetings,server"],
                               "was expecting 16 bytes but only received 0 bytes before the "
                               "socket closed")

    def test_closed_within_the_reply(self):
        self.assert_send_fails(lambda sock: (receive(sock, 16), sock.sendall(b"Goodbye")),
                               ["greeting", "Greetings,server"],
                               "was expecting 16 bytes but only received 7 bytes before the "
                               "socket closed")

    def test_closed_at_once(self):
        self.assert_send_fails(lambda sock: None, ["walkthrough", "Hello"])

    def test_wrong_framing(self):
        for reply, parts in ((b"HTTP/1.1 400 Bad", ("frame.syntax at 0", "HTTP response")),
                             (b"+000000005Hello", ("frame.length_syntax at 0",)),
                             (b"9999999999", ("frame.too_large at 0",)),
                             (b"0000000001\xff", ("frame.utf8 at 10",))):
            with self.subTest(reply):
                self.assert_send_fails(
                    lambda sock, reply=reply: (receive(sock, 15), sock.sendall(reply),
                                               sock.recv(1)),
                    ["walkthrough", "Hello"], *parts)

    def test_reply_larger_than_allowed(self):
        self.assert_send_fails(
            lambda sock: (receive(sock, 15), sock.sendall(b"0000000005Hello")),
            ["walkthrough", "Hello", "--max-payload", "4"], "frame.too_large at 0")

    def test_late_reply(self):
        begin = time.monotonic()
        self.assert_send_fails(receive_to_end,
                               ["walkthrough", "--timeout", "200ms", "Hello"],
                               "io.timeout_reply", "200ms")
        self.assertTrue(0.15 < time.monotonic() - begin < 5)

    def test_reset(self):
        self.assert_send_fails(
            lambda sock: (receive(sock, 15), sock.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")),
            ["walkthrough", "Hello"], "io.reset")

    def test_message_of_a_wrong_size(self):
        for message in ("Greetings, server", "short"):
            with self.subTest(message):
                received = self.assert_send_fails(receive_to_end, ["greeting", message],
                                                  f"{len(message)} bytes", "fixed:16")
                self.assertEqual(b"", received)

    def test_message_that_cannot_be_counted(self):
        server = self.script(receive_to_end)
        self.assert_fails(FAILED, ["send", "walkthrough", f"{HOST}:{server.port}",
                                   os.fsdecode(b"h\xff")],
                          "UTF-8")
        self.assertEqual(b"", server.result())

    def test_answers_before_the_fault_are_printed(self):
        server = self.script(lambda sock: (receive(sock, 15), sock.sendall(b"0000000005Hello"),
                                           receive(sock, 15)))
        done = self.run_command("send", "walkthrough", f"{HOST}:{server.port}", "Hello", "World")
        self.assertEqual((FAILED, b"Hello\n"), (done.returncode, done.stdout), done.stderr)
        self.assert_error(done.stderr, "send", "1 of 2 replies")


if __name__ == "__main__":
    unittest.main()
