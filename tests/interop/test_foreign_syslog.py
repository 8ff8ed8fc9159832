"""Octet counting (RFC 6587) against rsyslogd: as a server that counts, and as a client. It takes
no empty message, and drops a line end that a message ends in; neither is in our payloads.
"""
import json
import socket
import tempfile
import time
import unittest
from pathlib import Path

from foreign_peers import ForeignTest, OurServer, needed, sized
from programs import HOST, TIMEOUT, Program

CONFIGURATION = """
global(workDirectory="{folder}" maxMessageSize="2m" net.enableDNS="off"
       parser.escapeControlCharactersOnReceive="off")
module(load="imtcp" maxFrameSize="2000000")
template(name="message" type="string" string="%rawmsg%")
template(name="line" type="string" string="%rawmsg:::json%\\n")
ruleset(name="all") {{ {action} }}
input(type="imtcp" port="0" address="127.0.0.1" listenPortFileName="{folder}/port" ruleset="all")
"""
SHOW = 'action(type="omfile" file="/dev/stdout" template="line")'
FORWARD = ('action(type="omfwd" target="127.0.0.1" port="{port}" protocol="tcp" '
           'TCP_Framing="octet-counted" template="message")')

MESSAGES = [b"<34>1 2003-10-11T22:14:15.003Z here su - ID47 - 'su root' failed on /dev/pts/8",
            b"<13>Oct 11 22:14:15 here program: Hello", "<13>1 - - - - - - héllo 🎉".encode(),
            b"<13>1 two\nlines,\tand a tab", b"x", b"1 22 333", b"<13>1 - \x01\x7f",
            b"<13>" + sized(251), b"<13>" + sized(252), b"<13>" + sized(65_531),
            b"<13>" + sized(999_996)]


def printed(message):
    """As our server's console does, which shows control bytes but the tab by their number, and the
    beginning of a large message."""
    if len(message) > 4096:
        return f"{printed(message[:4096])}... ({len(message)} bytes)"
    return "".join(c if c >= " " and c != "\x7f" or c == "\t" else ascii(c)[1:-1]
                   for c in message.decode())


class Rsyslog(Program):

    def __init__(self, test, action):
        folder = tempfile.TemporaryDirectory()
        test.addCleanup(folder.cleanup)
        file = Path(folder.name) / "configuration"
        file.write_text(CONFIGURATION.format(folder=folder.name, action=action))
        super().__init__(test, [needed("rsyslogd"), "-n", "-i", f"{folder.name}/pid", "-f", file])
        self.port = self._port(Path(folder.name) / "port")

    def _port(self, file):
        """It is in the file before anybody is listened to, but a file is no event."""
        deadline = time.monotonic() + TIMEOUT
        while not (file.exists() and file.read_text()):
            if self.child.poll() is not None or time.monotonic() > deadline:
                self.test.fail(f"it does not listen\n{self.report()}")
            time.sleep(0.005)
        return int(file.read_text())


class OctetCounting(ForeignTest):

    def test_our_client(self):
        server = Rsyslog(self, SHOW)
        for number, to in enumerate((server, self.relay(server)), 1):
            self.send_all("octet-count", to.port, MESSAGES, "--no-reply")
            server.wait_for_lines(len(MESSAGES) * number)
        shown = [json.loads(f'"{line}"').encode() for line in server.lines()]
        self.assert_payloads(MESSAGES * 2, shown)

    def test_our_server(self):
        expected = [f"sent: {printed(message)}" for message in MESSAGES]
        for cut in (False, True):
            with self.subTest(cut=cut):
                server = OurServer(self, "octet-count", "--service", "discard")
                to = self.relay(server) if cut else server
                client = Rsyslog(self, FORWARD.format(port=to.port))
                with socket.create_connection((HOST, client.port), TIMEOUT) as sock:
                    sock.sendall(b"".join(b"%d %s" % (len(message), message)
                                          for message in MESSAGES))
                server.wait_for_lines(2 + len(MESSAGES))
                client.stop()
                server.wait_for_lines(3 + len(MESSAGES))
                lines = [line.split(") ", 1)[-1] for line in server.lines()[1:]]
                self.assert_lines(["connected", *expected, "left"], lines, server)
                self.assert_no_complaints(server)


if __name__ == "__main__":
    unittest.main()
