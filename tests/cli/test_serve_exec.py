"""`serve --service exec:COMMAND`: a process for each message, and what is left of it."""
import signal
import socket
import unittest

from command_line import BINARY, HOST, free_port, receive, receive_to_end, tied_to_us
from commands_served import CommandsTest, is_running

MIB = 1 << 20


class Replies(CommandsTest):

    def ask(self, sock, *messages):
        sock.sendall(b"".join(message + b"\n" for message in messages))

    def test_four_clients_are_served_at_the_same_time(self):
        server = self.serving('exec:m=$(cat); touch "at.$m"; '
                              'for i in 1 2 3 4; do wait_for "at.$i"; done; printf "%s" "<$m>"')
        socks = [self.connect_to(server.port) for _ in range(4)]
        for number, sock in enumerate(socks, 1):
            self.ask(sock, b"%d" % number)
        for number, sock in enumerate(socks, 1):
            self.assertEqual(b"<%d>\n" % number, receive(sock, 4))
        self.assertEqual("", self.stop(server))

    def test_replies_keep_the_order_of_the_messages(self):
        server = self.serving('exec:m=$(cat); [ "$m" = 1 ] && wait_for 3; touch "$m"; '
                              'printf "%s" "$m"')
        sock = self.connect_to(server.port)
        self.ask(sock, b"1", b"2", b"3")
        self.assertEqual(b"1\n2\n3\n", receive(sock, 6))
        self.assertEqual("", self.stop(server))

    def test_at_most_as_many_as_allowed(self):
        server = self.serving("exec:mkdir lock && sleep 0.02 && rmdir lock && cat",
                              "--exec-max", "1", "--threads", "2")
        socks = [self.connect_to(server.port) for _ in range(3)]
        for sock in socks:
            self.ask(sock, b"a", b"b", b"c")
        for sock in socks:
            self.assertEqual(b"a\nb\nc\n", receive(sock, 6))
        self.assertEqual("", self.stop(server))

    def test_any_bytes_of_any_size(self):
        server = self.serving("exec:cat", framing="u32be")
        for size in (0, 1, 256, MIB, 4 * MIB):
            with self.subTest(size):
                payload = (bytes(range(256)) * (size // 256 + 1))[:size]
                frame = size.to_bytes(4, "big") + payload
                sock = self.connect_to(server.port)
                sock.sendall(frame)
                self.assert_bytes(frame, receive(sock, len(frame)))
        self.assertEqual("", self.stop(server))

    def test_a_peer_that_has_ended_its_stream_gets_its_replies(self):
        server = self.serving('exec:wait_for go; cat')
        sock = self.connect_to(server.port)
        self.ask(sock, b"a", b"b")
        sock.shutdown(socket.SHUT_WR)
        self.leave_mark("go")
        self.assertEqual(b"a\nb\n", receive_to_end(sock))
        self.assert_nothing_is_left(server)
        self.assertEqual("", self.stop(server))

    def test_what_the_command_knows(self):
        server = self.serving('exec:printf "%s %s" "$FRAMEWIRE_PEER" "$FRAMEWIRE_LOCAL"')
        sock = self.connect_to(server.port)
        self.ask(sock, b"")
        self.assertEqual(f"{HOST}:{sock.getsockname()[1]} {HOST}:{server.port}\n",
                         self.lines_of(sock).readline().decode())

    def test_what_the_command_inherits(self):
        server = self.serving("exec:cat /proc/self/status; ls /proc/self/fd", framing="u32be")
        sock = self.connect_to(server.port)
        sock.sendall(b"\0\0\0\0")
        reply = receive(sock, int.from_bytes(receive(sock, 4), "big")).decode()
        status = dict(line.split(":\t", 1) for line in reply.splitlines() if ":\t" in line)
        self.assertEqual(0, int(status["SigBlk"], 16))
        self.assertEqual(0, int(status["SigIgn"], 16) >> (signal.SIGPIPE - 1) & 1)
        self.assertEqual(["0", "1", "2", "3"], reply.splitlines()[-4:])
        self.assertNotIn(":", reply.splitlines()[-4])
        self.assertIn(":", reply.splitlines()[-5])


class Oddities(CommandsTest):
    """Commands that do not do what one expects of them, but succeed."""

    def assert_replies(self, command, reply, message=b"x"):
        server = self.serving(f"exec:{command}")
        sock = self.connect_to(server.port)
        for _ in range(2):
            sock.sendall(message + b"\n")
            self.assertEqual(reply, receive(sock, len(reply)), server.report())
        sock.close()
        self.assert_nothing_is_left(server)
        self.assertEqual("", self.stop(server))

    def test_it_reads_nothing(self):
        self.assert_replies("printf ok", b"ok\n", b"x" * MIB)

    def test_it_closes_its_output_and_continues(self):
        self.assert_replies("printf ok; exec >&-; cat >/dev/null; sleep 0.05", b"ok\n")

    def test_it_closes_everything_and_continues(self):
        self.assert_replies("printf ok; exec <&- >&- 2>&-; sleep 0.05", b"ok\n")

    def test_it_writes_nothing(self):
        self.assert_replies("cat >/dev/null", b"\n")

    def test_it_complains_and_succeeds(self):
        self.assert_replies("echo careful >&2; printf ok", b"ok\n")

    def test_what_it_leaves_running_ends_with_it(self):
        server = self.serving("exec:sleep 300 & printf %s $!")
        sock = self.connect_to(server.port)
        sock.sendall(b"x\n")
        self.assert_ends(int(self.lines_of(sock).readline()))

    def test_what_has_left_its_group_is_not_waited_for(self):
        server = self.serving("exec:setsid sh -c 'echo $$ >pid; while [ ! -e go ]; "
                              "do sleep 0.01; done' & wait_for pid; printf ok")
        sock = self.connect_to(server.port)
        sock.sendall(b"x\n")
        self.assertEqual(b"ok\n", receive(sock, 3))
        self.leave_mark("go")
        self.assert_ends(int(self.wait_for_mark("pid")))


class Failures(CommandsTest):

    def fail_with(self, command, *options, message=b"x"):
        server = self.serving(f"exec:{command}", *options)
        sock = self.connect_to(server.port)
        sock.sendall(message + b"\n")
        self.assert_leaves(sock)
        self.assert_nothing_is_left(server)
        return server

    def test_words(self):
        for command, words in (
                ("echo sorry >&2; exit 3", 'the command ended with status 3: "sorry"'),
                ("exit 1", "the command ended with status 1"),
                ("kill -9 $$", "the command was ended by signal 9 (Killed)"),
                ("no-such-command", "the command ended with status 127: "),
                ("printf 'a\\n\\033[2Jb\\n' >&2; false", r'status 1: "a\n\x1b[2Jb"')):
            with self.subTest(command):
                self.assert_fails_with(self.fail_with(command), words)

    def test_only_the_end_of_much_complaint(self):
        server = self.fail_with("yes | head -c 1000000 >&2; echo the end >&2; exit 1")
        line = self.assert_fails_with(server, ': ..."', r'\nthe end"')
        self.assertLess(len(line), 4000)

    def test_more_than_a_payload_may_be(self):
        server = self.fail_with("yes", "--max-payload", "64KiB")
        self.assert_fails_with(server, "the command wrote more than 65536 bytes")

    def test_as_much_as_a_payload_may_be(self):
        server = self.serving("exec:head -c 65536 /dev/zero", "--max-payload", "64KiB")
        sock = self.connect_to(server.port)
        sock.sendall(b"x\n")
        self.assertEqual(65537, len(receive(sock, 65537)))

    def test_a_reply_that_cannot_be_framed(self):
        server = self.fail_with("echo x")
        server.find_error("frame.delimiter")

    def test_other_connections_continue(self):
        server = self.serving('exec:m=$(cat); [ "$m" = good ] && printf yes')
        good, bad = (self.connect_to(server.port) for _ in range(2))
        for _ in range(2):
            good.sendall(b"good\n")
            self.assertEqual(b"yes\n", receive(good, 4))
            if bad:
                bad.sendall(b"bad\n")
                self.assert_leaves(bad)
                bad = None

    def test_no_descriptors(self):
        port = free_port()
        command = ["sh", "-c", 'ulimit -n 48; exec "$@"', "sh", str(BINARY), "serve",
                   f"{HOST}:{port}", "-f", "line", "-s", "exec:cat", "-q",
                   "--max-connections", "40"]
        server = self.start(tied_to_us(command))
        server.port = port
        self.wait_for_listener(server)
        socks = [self.connect_to(port) for _ in range(60)]
        server.find_error("limit.fd")
        socks[0].sendall(b"x\n")
        self.assert_leaves(socks[0])
        server.find_error("cannot start a command: too many open files")
        for sock in socks:
            sock.close()
        self.wait("descriptors", lambda: self.descriptors(server) < 30)
        self.assertEqual(b"y\n", self.reply_to(port, b"y\n"))

    def reply_to(self, port, message):
        with self.connect_to(port) as sock:
            sock.sendall(message)
            return receive(sock, len(message))


class Ends(CommandsTest):
    STUBBORN = "exec:trap '' TERM; echo $$ >pid; while :; do sleep 0.05; done"

    def started(self, service, *options):
        server = self.serving(service, *options)
        sock = self.connect_to(server.port)
        sock.sendall(b"x\n")
        return server, sock, int(self.wait_for_mark("pid"))

    def test_when_the_peer_has_gone(self):
        for service in ("exec:echo $$ >pid; sleep 300", self.STUBBORN):
            with self.subTest(service):
                server, sock, pid = self.started(service)
                self.reset(sock)
                self.assert_ends(pid)
                self.assert_nothing_is_left(server)
                (self.marks / "pid").unlink()

    def test_waiting_messages_of_a_peer_that_has_gone_are_dropped(self):
        server = self.serving('exec:m=$(cat); echo "$m" >>all; echo $$ >pid; '
                              '[ "$m" = b ] || sleep 300', "--exec-max", "1")
        sock = self.connect_to(server.port)
        sock.sendall(b"a\na\na\n")
        pid = int(self.wait_for_mark("pid"))
        self.reset(sock)
        self.assert_ends(pid)
        other = self.connect_to(server.port)
        other.sendall(b"b\n")
        self.assertEqual(b"\n", receive(other, 1))
        self.assertEqual("a\nb\n", self.mark("all"))

    def test_when_it_takes_too_long(self):
        server, sock, pid = self.started("exec:echo $$ >pid; sleep 300",
                                         "--service-deadline", "200ms")
        self.assert_leaves(sock)
        self.assert_ends(pid)
        server.find_error("service.timeout at ")
        self.assert_nothing_is_left(server)

    def test_a_server_that_stops_waits_for_it(self):
        server, sock, _ = self.started("exec:echo $$ >pid; wait_for go; cat")
        server.child.terminate()
        self.wait("the listener to close", lambda: not self.is_open(server.port))
        self.leave_mark("go")
        self.assertEqual(b"x\n", receive_to_end(sock))
        self.assertEqual(0, server.finish(), server.report())
        self.assertEqual(b"", bytes(server.err))

    def test_a_server_that_stops_does_not_wait_forever(self):
        server, _, pid = self.started(self.STUBBORN, "--drain", "100ms")
        self.assertEqual(1, server.stop(), server.report())
        self.assertFalse(is_running(pid))

    def test_nothing_is_left_of_many(self):
        server = self.serving('exec:m=$(cat); [ "$m" = bad ] && exit 1; printf "%s" "$m"')
        self.come_and_go(server, (b"good\n", b"bad\n", b"good\nbad\ngood\n", b"goo"))
        self.assert_nothing_is_left(server)


if __name__ == "__main__":
    unittest.main()
