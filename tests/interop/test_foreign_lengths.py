"""Binary lengths against encoders and decoders of others: Twisted, Erlang's gen_tcp, protobuf, and
the packages multiprocessing and logging of Python.
"""
import struct
import unittest

from foreign_peers import BYTES, LARGE, TEXTS, ForeignTest, Pair, sized

ONE_BYTE = [payload for payload in BYTES if len(payload) < 256] + [sized(254), sized(255)]
TWO_BYTES = [*BYTES, sized(255), sized(256), sized(65_535)]


class Twisted:
    peer = "twisted_peer.py"


class Erlang:
    peer = "gen_tcp_peer.escript"


class TwistedInt8(Twisted, Pair, ForeignTest):
    framing, how, payloads = "u8", "Int8StringReceiver", ONE_BYTE


class TwistedInt16(Twisted, Pair, ForeignTest):
    framing, how, payloads = "u16be", "Int16StringReceiver", TWO_BYTES


class TwistedInt32(Twisted, Pair, ForeignTest):
    framing, how = "u32be", "Int32StringReceiver"


class Erlang1(Erlang, Pair, ForeignTest):
    framing, how, payloads = "u8", "1", ONE_BYTE


class Erlang2(Erlang, Pair, ForeignTest):
    framing, how, payloads = "iso8583-bin2", "2", TWO_BYTES


class Erlang4(Erlang, Pair, ForeignTest):
    framing, how = "erlang-packet4", "4"


class Multiprocessing(Pair, ForeignTest):
    framing, peer, how = "u32be", "multiprocessing_peer.py", "-"


class ErlangAndTwisted(ForeignTest):
    """What our ends are held against agrees with itself."""

    def test_one_asks_the_other(self):
        for kind, how in (("1", "Int8StringReceiver"), ("2", "Int16StringReceiver"),
                          ("4", "Int32StringReceiver")):
            with self.subTest(kind):
                server = self.foreign_server(Erlang.peer, kind)
                client = self.start_client(Twisted.peer, how, server.port, ONE_BYTE)
                self.assert_shown(ONE_BYTE, client)


class ErlangHeaders(ForeignTest):
    """The headers that gen_tcp only reads: it finds where our frames end, shows them with their
    headers, and sends them back as they came.
    """
    SIZES = [0, 1, 5, 255, 256, 4000]

    def exchange(self, framing, kind, header, sizes=SIZES, begin=b""):
        """Of payloads that all begin with `begin`; `header` makes of a size what we must send."""
        payloads = [begin + sized(size) for size in sizes]
        frames = [header(len(payload)) + payload for payload in payloads]
        server = self.foreign_server(Erlang.peer, kind)
        printed = b"".join(payload + b"\n" for payload in payloads)
        for to in (server, self.relay(server)):
            self.assert_bytes(printed, self.send_all(framing, to.port, payloads))
        self.send_all(framing, server.port, payloads, "--no-reply")
        self.assert_payloads(frames * 3, server.shown(len(frames) * 3))

    def test_tpkt(self):
        self.exchange("tpkt", "tpkt", lambda size: struct.pack(">BBH", 3, 0, size + 4),
                      [*self.SIZES, 65_531])

    def test_rpc_record_of_one_fragment(self):
        self.exchange(r"u24be,magic=\x80", "sunrm", lambda size: struct.pack(">I", size | 1 << 31),
                      [*self.SIZES, 65_536, 1_000_000])

    def test_fastcgi_without_padding(self):
        """The length stands before the last two bytes of the header, which then are payload."""
        self.exchange(r"u16be,offset=4,magic=\x01,adjust=2", "fcgi",
                      lambda size: struct.pack(">B3xH", 1, size - 2), begin=b"\x00\x00")

    def test_giop_in_both_byte_orders(self):
        for framing, order, flags in (("u32be", ">", 0), ("u32le", "<", 1)):
            with self.subTest(framing):
                magic = b"GIOP\x01\x02" + bytes([flags, 0])
                spec = framing + rf",magic=GIOP\x01\x02\x0{flags}\x00"
                self.exchange(spec, "cdr", lambda size: magic + struct.pack(f"{order}I", size),
                              [*self.SIZES, 65_536, 1_000_000])


class Logging(ForeignTest):
    PEER = "logging_peer.py"

    def test_our_server_takes_log_records(self):
        server = self.our_server("u32be")
        texts = [*TEXTS, sized(60_000)]
        for to in (server, self.relay(server)):
            self.assert_shown(texts, self.start_client(self.PEER, "-", to.port, texts))
        self.assert_no_complaints(server)

    def test_our_client_sends_configurations(self):
        server = self.foreign_server(self.PEER, "-")
        texts = [text for text in [*BYTES, *LARGE] if text]
        for text in texts:
            self.send_all("u32be", server.port, [text], "--no-reply")
        self.assert_payloads(texts, server.shown(len(texts)))


def bytes_value(value):
    """A google.protobuf.BytesValue: field 1, of variable length; none at all if it is empty."""
    size, length = len(value), b""
    while size > 0x7F:
        length += bytes([size & 0x7F | 0x80])
        size >>= 7
    return b"\x0a" + length + bytes([size]) + value if value else b""


class Protobuf(Pair, ForeignTest):
    """The sizes of the messages stand on both sides of where a varint grows: 128, 16384."""
    framing, peer, how = "protobuf-delimited", "protobuf_peer.py", "-"
    payloads = [bytes_value(value) for value in (
        *BYTES, sized(125), sized(126), sized(16_380), sized(16_381), sized(65_536),
        sized(1_000_000))]

    def test_sizes(self):
        self.assertLessEqual({0, 127, 128, 16_383, 16_384}, set(map(len, self.payloads)),
                             sorted(map(len, self.payloads)))


if __name__ == "__main__":
    unittest.main()
