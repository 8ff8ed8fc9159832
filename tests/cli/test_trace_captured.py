"""`trace` of a conversation that another program has captured on the loopback device."""
import re
import shutil
import subprocess
import unittest
from pathlib import Path

from command_line import HOST, TIMEOUT, CommandTest, receive, receive_to_end
from programs import tied_to_us

CAPTURER = shutil.which("dumpcap", path="/usr/bin:/usr/sbin")
MESSAGE = b"0000000005Hello"
# One segment each: SYN, SYN and ACK, the message, its echo, FIN, FIN.
SEGMENTS = 6


@unittest.skipUnless(CAPTURER, "there is no dumpcap")
class CapturedTest(CommandTest):

    def capture(self, path, port, *options):
        """Captures until there are SEGMENTS. They are those that no delay of the kernel adds."""
        wanted = f"tcp port {port} and tcp[tcpflags] & (tcp-syn | tcp-push | tcp-fin) != 0"
        capturer = subprocess.Popen(
            tied_to_us([CAPTURER, "-i", "lo", "-f", wanted, "-c", str(SEGMENTS), "-w", str(path),
                        *options]), stderr=subprocess.PIPE, text=True)
        self.addCleanup(capturer.stderr.close)
        self.addCleanup(capturer.wait)
        self.addCleanup(capturer.kill)
        said = ""
        for line in capturer.stderr:
            said += line
            if line.startswith("File: "):  # it hears from here on
                return capturer
        return self.skipTest(f"dumpcap may not capture here: {said.strip()}")

    def converse(self, port):
        with self.connect_to(port) as peer:
            peer.sendall(MESSAGE)
            self.assertEqual(MESSAGE, receive(peer, len(MESSAGE)))
            peer.shutdown(1)
            self.assertEqual(b"", receive_to_end(peer))
            return peer.getsockname()[1]

    def test_a_captured_conversation(self):
        for name, options in (("new.pcapng", ()), ("old.pcap", ("-P",))):
            with self.subTest(name):
                server = self.server("walkthrough")
                path = Path(self.folder(), name)
                capturer = self.capture(path, server.port, *options)
                client_port = self.converse(server.port)
                _, said = capturer.communicate(timeout=TIMEOUT)
                self.assertEqual(0, capturer.returncode, said)
                text = self.assert_done("trace", "walkthrough", "--brief", "--hex", path).decode()
                self.assertEqual(
                    [f"# {HOST}:{client_port} to {HOST}:{server.port}",
                     "framing digits:10,count=chars",
                     '< "0000000005Hello"', '= frame "Hello" at 0',
                     '> "0000000005Hello"', '=> frame "Hello" at 0',
                     "< eof", "= finished", "> eof", "=> finished"],
                    [line for line in text.splitlines() if not re.match("# .* later", line)])
                self.stop(server)


if __name__ == "__main__":
    unittest.main()
