"""`serve --service pipe:COMMAND`: a process for each connection, and what is left of it."""
import contextlib
import select
import socket
import sys
import threading
import unittest

from command_line import receive, receive_to_end
from commands_served import CommandsTest, is_running

MIB = 1 << 20
# More than the kernel, the bounds and the pipes hold together.
MUCH = 64 * MIB

COUNTING = """pipe:exec %s -u -c '
import sys
for number, line in enumerate(sys.stdin, 1):
    print(number, line.strip().upper())'""" % sys.executable


class Conversations(CommandsTest):

    def test_a_process_for_each_connection(self):
        server = self.serving(COUNTING)
        for _ in range(2):
            sock = self.connect_to(server.port)
            for number, word in enumerate((b"one", b"two", b"three"), 1):
                sock.sendall(word + b"\n")
                reply = b"%d %s\n" % (number, word.upper())
                self.assertEqual(reply, receive(sock, len(reply)))
        self.assertEqual(2, len(self.children(server)))
        self.assertEqual("", self.stop(server))

    def test_several_messages_at_once(self):
        server = self.serving("pipe:exec cat")
        sock = self.connect_to(server.port)
        lines = b"".join(b"%d\n" % number for number in range(10_000))
        sender = threading.Thread(target=sock.sendall, args=(lines,))
        sender.start()
        self.assert_bytes(lines, receive(sock, len(lines)))
        sender.join()
        self.assertEqual("", self.stop(server))

    def test_it_speaks_first_and_unasked(self):
        server = self.serving("pipe:echo hello; wait_for go; echo again; cat")
        sock = self.connect_to(server.port)
        self.assertEqual(b"hello\n", receive(sock, 6))
        self.leave_mark("go")
        self.assertEqual(b"again\n", receive(sock, 6))
        sock.sendall(b"x\n")
        self.assertEqual(b"x\n", receive(sock, 2))

    def test_half_close_ends_its_input_and_not_its_output(self):
        server = self.serving("pipe:sort; wait_for go; echo end")
        sock = self.connect_to(server.port)
        sock.sendall(b"b\nc\na\n")
        sock.shutdown(socket.SHUT_WR)
        self.assertEqual(b"a\nb\nc\n", receive(sock, 6))
        self.leave_mark("go")
        self.assertEqual(b"end\n", receive_to_end(sock))
        self.assert_nothing_is_left(server)
        self.assertEqual("", self.stop(server))

    def test_the_end_of_the_process_ends_the_connection(self):
        server = self.serving("pipe:exec head -n 1")
        sock = self.connect_to(server.port)
        sock.sendall(b"first\n" + b"more\n" * 1000)
        with contextlib.suppress(ConnectionResetError):
            self.assertEqual(b"first\n", receive_to_end(sock))
        self.assert_nothing_is_left(server)
        self.assertEqual("", self.stop(server))

    def test_an_end_without_a_word_from_the_peer(self):
        server = self.serving("pipe:echo bye; exec <&-; echo now")
        self.assertEqual(b"bye\nnow\n", receive_to_end(self.connect_to(server.port)))
        self.assert_nothing_is_left(server)
        self.assertEqual("", self.stop(server))

    def test_the_output_of_a_process_that_has_not_read_its_input(self):
        """Which a broken pipe must not overtake."""
        server = self.serving("pipe:wait_for go; seq 1 1000")
        for _ in range(10):
            sock = self.connect_to(server.port)
            sock.sendall(b"unread\n" * 1000)
            self.leave_mark("go")
            expected = b"".join(b"%d\n" % number for number in range(1, 1001))
            self.assert_bytes(expected, receive(sock, len(expected)))
            sock.close()
        self.assert_nothing_is_left(server)

    def test_what_it_leaves_running_does_not_keep_the_connection(self):
        server = self.serving("pipe:sleep 300 & echo $!")
        pid = int(receive_to_end(self.connect_to(server.port)))
        self.assert_ends(pid)
        self.assert_nothing_is_left(server)

    def test_another_framing(self):
        script = "import sys; d = sys.stdin.buffer.read(6); sys.stdout.buffer.write(d * 2)"
        server = self.serving(f"pipe:{sys.executable} -c '{script}',framing=digits:4,count=bytes",
                              framing="u16be")
        sock = self.connect_to(server.port)
        sock.sendall(b"\0\x02\n,")
        self.assertEqual(b"\0\x02\n,\0\x02\n,", receive_to_end(sock))

    def test_threads(self):
        server = self.serving("pipe:exec cat", "--threads", "2")
        socks = [self.connect_to(server.port) for _ in range(20)]
        for number, sock in enumerate(socks):
            sock.sendall(b"%02d\n" % number)
        for number, sock in enumerate(socks):
            self.assertEqual(b"%02d\n" % number, receive(sock, 3))
        self.assertEqual("", self.stop(server))


class Failures(CommandsTest):

    def fail_with(self, command, message=b"x\n", framing="line"):
        server = self.serving(f"pipe:{command}", framing=framing)
        sock = self.connect_to(server.port)
        sock.sendall(message)
        server.received = bytearray()
        with contextlib.suppress(ConnectionResetError):
            while part := sock.recv(4096):
                server.received += part
        sock.close()
        self.assert_nothing_is_left(server)
        return server

    def test_status(self):
        server = self.fail_with("read x; echo out; echo sorry >&2; exit 4")
        self.assert_fails_with(server, 'the command ended with status 4: "sorry"')
        self.assertEqual(b"out\n", server.received)

    def test_signal(self):
        self.assert_fails_with(self.fail_with("read x; kill -9 $$"), "signal 9 (Killed)")

    def test_a_message_that_cannot_be_framed(self):
        server = self.fail_with("exec cat", b"\0\x03a\nb", framing="u16be")
        self.assert_fails_with(server, "frame.delimiter")

    def test_output_that_is_not_framed(self):
        self.assert_fails_with(self.fail_with("read x; printf abc"), "frame.truncated")

    def test_output_that_the_peer_cannot_be_sent(self):
        server = self.fail_with("head -c 300 /dev/zero | tr '\\0' x; echo", framing="u8",
                                message=b"\x01x")
        server.find_error("frame.too_large")


class BackPressure(CommandsTest):

    def test_a_peer_that_does_not_read_stops_the_process(self):
        server = self.serving(f"""pipe:exec {sys.executable} -c '
import os
done = 0
while done < {MUCH}:
    done += os.write(1, b"x" * 999 + b"\\n")
    os.pwrite(9, b"%d\\n" % done, 0)' 9>progress""")
        before = self.resident_bytes(server)
        sock = self.connect_to(server.port)
        stopped = self.when_it_stops(lambda: self.mark("progress"))
        self.assertLess(int(stopped), MUCH)
        self.assertLess(self.resident_bytes(server) - before, 16 * MIB)
        total = 0
        while part := sock.recv(MIB):
            total += len(part)
        self.assertGreaterEqual(total, MUCH)
        self.assert_nothing_is_left(server)
        self.assertEqual("", self.stop(server))

    def when_it_stops(self, value):
        """Nobody says that nothing more comes: it has been the same for a while."""
        last, same = value(), 0
        while same < 100 or not last:
            self.wait_a_moment()
            now = value()
            same = same + 1 if now == last else 0
            last = now
        return last

    def wait_a_moment(self):
        select.select([], [], [], 0.005)

    def test_a_process_that_does_not_read_stops_the_peer(self):
        server = self.serving("pipe:echo $$ >pid; wait_for go; exec wc -c")
        before = self.resident_bytes(server)
        sock = self.connect_to(server.port)
        sent = self.send_until_it_blocks(sock)
        self.assertLess(sent, MUCH)
        self.assertLess(self.resident_bytes(server) - before, 16 * MIB)
        self.leave_mark("go")
        sock.setblocking(True)
        sock.sendall(b"x" * (1000 - sent % 1000 - 1) + b"\n")
        sent += 1000 - sent % 1000
        sock.shutdown(socket.SHUT_WR)
        self.assertEqual(sent, int(receive_to_end(sock)))
        self.assert_nothing_is_left(server)
        self.assertEqual("", self.stop(server))

    def send_until_it_blocks(self, sock):
        sock.setblocking(False)
        block, sent = (b"x" * 999 + b"\n") * 100, 0
        while sent < MUCH and select.select([], [sock], [], 1)[1]:
            sent += sock.send(block[sent % 1000:])
        return sent

    def test_a_peer_that_leaves_while_nothing_moves(self):
        for command in ("echo $$ >pid; exec sleep 300", "echo $$ >pid; exec yes"):
            with self.subTest(command):
                server = self.serving(f"pipe:{command}")
                sock = self.connect_to(server.port)
                pid = int(self.wait_for_mark("pid"))
                with contextlib.suppress(BlockingIOError):
                    self.send_until_it_blocks(sock)
                self.reset(sock)
                self.assert_ends(pid)
                self.assert_nothing_is_left(server)
                (self.marks / "pid").unlink()


class Ends(CommandsTest):
    STUBBORN = "pipe:trap '' TERM; echo $$ >pid; while :; do sleep 0.05; done"

    def test_when_the_peer_has_gone(self):
        for service in ("pipe:echo $$ >pid; exec sleep 300", self.STUBBORN):
            with self.subTest(service):
                server = self.serving(service)
                sock = self.connect_to(server.port)
                pid = int(self.wait_for_mark("pid"))
                self.reset(sock)
                self.assert_ends(pid)
                self.assert_nothing_is_left(server)
                (self.marks / "pid").unlink()

    def test_what_a_peer_sent_before_it_left_is_read(self):
        server = self.serving("pipe:wait_for go; exec cat >all")
        lines = b"".join(b"%d\n" % number for number in range(10_000))
        sock = self.connect_to(server.port)
        sock.sendall(lines)
        sock.close()
        self.leave_mark("go")
        self.wait("all of it", lambda: self.mark("all") == lines.decode())
        self.assert_nothing_is_left(server)
        self.assertEqual("", self.stop(server))

    def test_a_server_that_stops_gets_what_it_still_writes(self):
        server = self.serving('pipe:while read x; do echo "$x" >seen; wait_for go; '
                              'echo "<$x>"; done')
        sock = self.connect_to(server.port)
        sock.sendall(b"a\nb\n")
        self.wait_for_mark("seen")
        server.child.terminate()
        self.wait("the listener to close", lambda: not self.is_open(server.port))
        self.leave_mark("go")
        self.assertEqual(b"<a>\n<b>\n", receive_to_end(sock))
        self.assertEqual(0, server.finish(), server.report())
        self.assertEqual(b"", bytes(server.err))

    def test_a_server_that_stops_does_not_wait_forever(self):
        server = self.serving(self.STUBBORN, "--drain", "100ms")
        self.connect_to(server.port)
        pid = int(self.wait_for_mark("pid"))
        self.assertEqual(1, server.stop(), server.report())
        self.assertFalse(is_running(pid))

    def test_nothing_is_left_of_many(self):
        server = self.serving("pipe:exec cat")
        self.come_and_go(server, (b"", b"x\n", b"x" * 100_000 + b"\n", b"x"))
        self.assert_nothing_is_left(server)


if __name__ == "__main__":
    unittest.main()
