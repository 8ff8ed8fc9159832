"""Real programs that send a payload in chunks: through a relay that decodes and encodes every
frame.
"""
import unittest

from foreign_peers import needed
from programs import HOST
from real_programs import RealTest, nginx, receive_until

CLAMD = """
Foreground yes
TCPSocket {port}
TCPAddr {host}
DatabaseDirectory {folder}
"""


class Http(RealTest):

    def test_chunked(self):
        """curl and nginx: the body of a response in chunks, once its header is over."""
        curl, server = needed("curl"), nginx(self)
        relay = self.relay_frames(
            r"delimiter:\r\n\r\n,reply=chunked\,first=delimiter:\\r\\n\\r\\n", server,
            "payloads")
        printed = self.ask(curl, "-sS", "--compressed", f"http://{HOST}:{relay.port}/lines")
        self.assertEqual(40_000, printed.count("\n"))
        self.assert_frames(relay, 1, 2)

    def test_a_chunked_upload(self):
        curl, server = needed("curl"), nginx(self)
        relay = self.relay_frames(
            r"chunked,first=delimiter:\r\n\r\n,reply=content-length\,start=line\,fields=keep",
            server, "payloads")
        self.assertEqual("taken\n", self.ask(
            curl, "-sS", "-T", "-", "-X", "POST", "-H", "Expect:", "-H", "Connection: close",
            f"http://{HOST}:{relay.port}/take", typed="x" * 100_000))
        self.assert_frames(relay, 2, 1)


class Clamd(RealTest):

    def test_streams(self):
        """With a database of one signature: what is sent in chunks has it, or has not."""
        program, folder = needed("clamd"), self.folder()
        folder.chmod(0o755)
        (folder / "test.ndb").write_text("Found.Here:0:*:" + b"a signature".hex() + "\n")

        def command(port):
            file = folder / "conf"
            file.write_text(CLAMD.format(host=HOST, port=port, folder=folder))
            return [program, "--config-file", file]
        server = self.serve_real(command)
        for text, verdict in ((b"nothing", b"stream: OK\0"),
                              (b"x" * 100_000 + b"a signature", b"Found.Here.UNOFFICIAL FOUND\0")):
            relay = self.relay_frames(r"chunks:u32be,first=delimiter:\0,reply=delimiter:\0", server,
                                      "payloads")
            with self.connect(relay) as sock:
                sock.sendall(b"zINSTREAM\0")
                for at in range(0, len(text), 60_000):
                    chunk = text[at:at + 60_000]
                    sock.sendall(len(chunk).to_bytes(4, "big") + chunk)
                sock.sendall(bytes(4))
                self.assertTrue(receive_until(sock, b"\0").endswith(verdict))
            self.assert_frames(relay, 2, 1)


if __name__ == "__main__":
    unittest.main()
