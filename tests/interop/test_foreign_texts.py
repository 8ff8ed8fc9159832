"""Netstrings, lines, delimiters, MLLP, lengths in header fields and frames of one size, against
encoders and decoders of others: Twisted, Erlang's gen_tcp, the library hl7, and the packages
asyncio, email and http of Python.
"""
import unittest

from foreign_peers import BORDERS, BYTES, LARGE, TEXTS, ForeignTest, Pair, sized
from programs import BINARY, HOST

CONTROLS = bytes(byte for byte in range(256) if byte not in b"\n\r")
LINES = [*TEXTS, CONTROLS, b"\r in front", b"with \r in it", *BORDERS, *LARGE]
HL7 = b"\r".join((rb"MSH|^~\&|LAB|HERE|WARD|THERE|20030101||ORU^R01|1|P|2.5",
                  "PID|||42||Müller^Jörg".encode(), b"OBX|1|NM|GLU||5.4|mmol/l"))


class TwistedNetstring(Pair, ForeignTest):
    framing, peer, how = "netstring", "twisted_peer.py", "NetstringReceiver"


class TwistedLine(Pair, ForeignTest):
    framing, peer, how, payloads = "line", "twisted_peer.py", r"LineOnlyReceiver:\n", LINES


class AsyncioLine(Pair, ForeignTest):
    framing, peer, how, payloads = "line", "asyncio_peer.py", r"readline:\n", LINES


class AsyncioLineWithCarriageReturn(Pair, ForeignTest):
    """We take the CR for part of the line's end, and send none."""
    framing, peer, how, payloads = "line", "asyncio_peer.py", r"readline:\r\n", LINES

    def test_without_us(self):
        self.shown_end = b"\r"
        super().test_without_us()


class ErlangLine(Pair, ForeignTest):
    framing, peer, how, payloads = "line", "gen_tcp_peer.escript", "line", LINES
    shown_end = b"\n"


class ErlangLineWithCarriageReturn(Pair, ForeignTest):
    framing, peer, how, payloads = r"delimiter:\r\n", "gen_tcp_peer.escript", "line-crlf", LINES
    shown_end = b"\r\n"


class TwistedDelimiter(Pair, ForeignTest):
    framing, peer, how = r"delimiter:\r\n", "twisted_peer.py", r"LineReceiver:\r\n"
    payloads = [*LINES, b"a\nb", b"\n", b"\r", b"ends in \r", b"\n\r"]


class TwistedNul(Pair, ForeignTest):
    framing, peer, how = r"delimiter:\0", "twisted_peer.py", r"LineOnlyReceiver:\0"
    payloads = [payload for payload in [*BYTES, *BORDERS, *LARGE] if b"\0" not in payload]


class AsyncioDelimiter(Pair, ForeignTest):
    """A delimiter that begins as it ends, and payloads that hold parts of it."""
    framing, peer, how = "delimiter:--=--", "asyncio_peer.py", "readuntil:--=--"
    payloads = [*BYTES, *BORDERS, *LARGE, b"-", b"--", b"--=x", b"-=--", b"x--=-=--", b"---"]


class AsyncioFixed(Pair, ForeignTest):
    framing, peer, how = "fixed:8", "asyncio_peer.py", "readexactly:8"
    payloads = [b"abcdefgh", b"\r\n\0\xff1234", sized(8), bytes(8)]


class Mllp(Pair, ForeignTest):
    framing, peer, how = "mllp", "hl7_peer.py", "streams"
    # Every byte that the specification allows in a message, and all others but those two that
    # begin and end a block.
    payloads = [HL7, HL7 + b"\r", *(text.translate(None, b"\x0b\x1c") for text in BYTES), *BORDERS,
                *LARGE, b"\r", b"\r\r\n", "\u008b\u009c\u0b1c\u1c0b".encode(),
                "M\u00fcller".encode("latin-1")]

    def test_the_bytes_of_a_block_are_not_sent_inside(self):
        """The specification excludes them: receivers would end the message there."""
        server = self.foreign_server(self.peer, self.how)
        for payload in (b"\x0b", b"\x0b\x1c", b"\x1c\x1c", b"\x1c\x0b\x0d", HL7 + b"\x1c\r"):
            client = self.start([BINARY, "send", f"{HOST}:{server.port}", "--framing", "mllp",
                                 "--file", self.file_with(payload)])
            self.assertEqual(1, client.finish(), client.report())
            self.assertIn(b"frame.delimiter", client.err)

    def test_our_server_and_the_waiting_client(self):
        """It takes what one read returns for a reply, and drops CR at both ends of it."""
        server = self.our_server("mllp")
        payloads = [HL7, *(text for text in TEXTS if text)]
        client = self.start_client(self.peer, "MLLPClient", server.port, payloads)
        self.assert_shown(payloads, client)
        self.assert_no_complaints(server)


class HeaderFields(Pair, ForeignTest):
    framing, peer, how = "lsp", "header_peer.py", "-"


if __name__ == "__main__":
    unittest.main()
