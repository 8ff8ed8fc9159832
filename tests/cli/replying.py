"""Servers of `send` that reply as a script says, and what the command makes of them."""
import contextlib
import threading

from command_line import HOST, CommandTest, receive

FRAMED = ("--framing", "digits:10")
QUICK = ("--timeout", "300ms")


def framed(*texts):
    return b"".join(b"%010d%b" % (len(text.encode()), text.encode()) for text in texts)


def read_message(sock):
    """None at the end of the stream."""
    with contextlib.suppress(EOFError, ConnectionResetError):
        return receive(sock, int(receive(sock, 10))).decode()
    return None


def messages_of(sock):
    while (message := read_message(sock)) is not None:
        yield message


class RepliesTest(CommandTest):

    def setUp(self):
        self.over = threading.Event()  # lets servers end that would stay

    def script(self, script):
        server = super().script(script)
        self.addCleanup(self.over.set)
        return server

    def send_to(self, script, *words, status=0, data=b"", framing=FRAMED):
        """What it printed, and what the server's script returned."""
        server = self.script(script)
        done = self.run_command("send", f"{HOST}:{server.port}", *framing, *words, data=data)
        self.assertEqual(status, done.returncode, done)
        self.said = done.stderr.decode()
        if status == 0:
            self.assertEqual("", self.said)
        else:
            self.assert_error(done.stderr, "send")
        return done.stdout.decode(errors="replace"), server.result()
