"""`trace --wireshark`: what tshark makes of streams of every framing in any segments, compared with
what our decoder says of them.
"""
import json
import re
import unittest
from concurrent.futures import ThreadPoolExecutor

from captures import WORDS
from dissected import (WiresharkTest, bytewise, cut, cut_at_random, disordered, said_by_tshark,
                       whole)

import comparison
import streams
import test_binary as binary
import test_decimal_lengths as decimal
import test_delimited as delimited
import test_fields as fields
import test_stuffed as stuffed
import test_unframed as unframed

# Specs, and who makes up streams for them.
FRAMINGS = {
    decimal.Digits: ("digits:1", "digits:10", "digits:20,pad=space", "digits:255",
                     "digits:2,max=3,oversize=skip", "digits:20,oversize=skip",
                     "iso8583-ascii4,max=1kB"),
    decimal.DigitsOfCharacters: ("digits:10,count=chars", "digits:1,count=chars,max=3",
                                 "digits:2,pad=space,count=chars,max=40,oversize=skip"),
    decimal.Netstring: ("netstring", "netstring,max=2,oversize=skip"),
    decimal.OctetCount: ("octet-count", "octet-count,max=12"),
    fields.ContentLength: ("content-length", "lsp,max=2,oversize=skip"),
    unframed.Fixed: ("fixed:3", "fixed:4,max=3", "fixed:4,max=3,oversize=skip"),
    binary.Widths: ("u8", "u16be", "u16le", "u24be", "u24le", "u32be", "u32le", "u64be", "u64le",
                    "u64be,oversize=skip", "kafka,max=20", "u16le,max=2,oversize=skip"),
    binary.Options: ("tpkt", "u8,offset=3,trailer=2", r"u8,magic=\,\\\x00,adjust=+2",
                     "u8,lead=2", "u32be,lead=1,adjust=-4", "u16le,magic=ab,lead=3,max=9,trailer=1",
                    "u16le,lead=16,max=18,oversize=skip",
                    "u24be,offset=4,magic=ab,max=40,oversize=skip,trailer=1",
                     "u32le,adjust=-4294967296", "u64be,adjust=1,oversize=skip",
                     "u64le,adjust=-2,trailer=1,max=5"),
    binary.Varint: ("varint", "varint,oversize=skip", "protobuf-delimited,max=130"),
    delimited.Line: ("line", "line,max=2", "line,max=2,oversize=skip"),
    delimited.Delimiter: ("delimiter:aab,max=2,oversize=skip", r"delimiter:\r\n", "delimiter:aaba"),
    delimited.Mllp: ("mllp", "mllp,max=2,oversize=skip"),
    delimited.Between: (r"between:\x02..\x03", r"between:\x02..\x03,max=2,oversize=skip"),
    stuffed.Slip: ("slip", "slip,max=3", "slip,max=2,oversize=skip", "kiss"),
}
# Read as others are, or by the display's test.
ALIKE = {"decimal", "raw", *(f"u{bits}{order}" for bits in (40, 48, 56)
                                      for order in ("be", "le"))}
# Framings with a grammar of their own, or with lengths in another notation.
UNREAD = {name: name for name in ("resp", "ber", "json", "msgpack", "fix", "nats", "memcached",
                                  "beanstalkd", "syslog-any", "hdlc", "jt808", "tn3270", "cobs",
                                  "dot", "eof", "chunked", "netconf11")}
UNREAD |= {"hex": "hex:4", "bcd": "bcd:2", "chunks": "chunks:u16be"}
FIELD = b"Content-Length: "
# What chance may not find.
SPECIAL = {
    decimal.DigitsOfCharacters: [
        header + text for header in (b"1", b"0000000001", b"1 ", b"0000000009ab")
        for text in (b"\xed\xa0\x80", b"\xed\x9f\xbf", b"\xe0\x9f\xbf", b"\xf4\x90\x80\x80",
                     b"\xf0\x8f\xbf\xbf", b"\xc1\xbf", b"\xf5", b"abcdefgh")
    ] + [b"0000000009abcdef", b"0000000002abcdef"],
    decimal.Netstring: [b"12345678901:", b"0000000000:", b"2:Hi,0:;"],
    fields.ContentLength: [FIELD + b"00\r\n\r\n", FIELD + b"12345678901\r\n\r\n",
                            2 * (FIELD + b"0\r\n") + b"\r\n", b"X: y\r\n\r\n"],
    binary.Options: [b"\3\0\0\3", b"\3\0\0\4\3\0\0\5a", b"\3\1\0\5a"],
    binary.Varint: [b"\x80\0", b"\x81\0", b"\xff" * 9 + b"\1", b"\xff" * 9 + b"\2"],
}
BYTEWISE_MAX = 300
LONG = b"0123456789abcdef" * 200


def conversations(spec, rng):
    """Frames cut everywhere, in any order and twice, many in a segment and over many."""
    frames = comparison.boundless(spec)
    short = b"".join(streams.framed(frames, text)
                     for text in (b"Hello", b"", "né€😀".encode(), b"xyz", b"exit"))
    long = short + streams.framed(frames, LONG) + streams.framed(frames, b"end")
    if short:
        yield from ((short, whole(short)), (short, bytewise(short)), (long, whole(long)))
        yield from ((short, cut(short, at)) for at in range(1, len(short)))
        yield from ((long, cut_at_random(long, rng)) for _ in range(5))
        yield from ((long, disordered(long, rng)) for _ in range(15))


def hostilities(kind, spec, rng):
    made, frames = kind(), comparison.boundless(spec)
    wrong = [*(streams.spoiled(rng, made.tokens, frames, made.vary) for _ in range(25)),
             *(streams.hostile(rng, made.tokens) for _ in range(30)),
             *rng.sample(list(streams.places(made.sample)), 30),
             *made.streams, *comparison.announced(frames), *SPECIAL.get(kind, ())]
    for stream in filter(None, wrong):
        yield stream, whole(stream)
        yield stream, cut_at_random(stream, rng)
        if len(stream) <= BYTEWISE_MAX:
            yield stream, bytewise(stream)
    for value in range(256):
        stream = bytes([value]) + made.sample[1:]
        yield stream, whole(stream)


class EveryFraming(WiresharkTest):

    def test_every_framing_is_here(self):
        names = {re.split("[:,]", spec)[0] for specs in FRAMINGS.values() for spec in specs}
        for row in json.loads(self.assert_done("framings", "--json")):
            for every in re.sub(r"\[.*?\]", "", row["spec"]).split("|"):
                self.assertIn(every.split(":")[0], names | ALIKE | set(UNREAD))

    def test_what_it_does_not_read_is_refused(self):
        for spec in (*UNREAD.values(), "u32be,mask=7fffffff", "content-length,eol=lf",
                     "u32be,first=fixed:4", r"u8,reply=u16be",
                     "delimiter:#,or=$", "between:<<..>>,trailer=1"):
            with self.subTest(spec):
                self.assert_fails(2, ("trace", "--wireshark", spec, "--port", "7000"),
                                  "there is no dissector for")

    def test_as_our_decoder(self):
        """In half of the cases tshark reads twice, as Wireshark's window does that comes back to
        what it has seen. Two run at a time: each takes half a second to start."""
        def try_one(kind, spec, twice):
            rng = comparison.randomness("wireshark", spec)
            self.compare(spec, [*conversations(spec, rng), *hostilities(kind, spec, rng)],
                         "-o", "tcp.desegment_tcp_streams:TRUE",
                         "-o", "tcp.reassemble_out_of_order:TRUE", *(["-2"] if twice else []))

        pairs = [(kind, spec) for kind, specs in FRAMINGS.items() for spec in specs]
        with ThreadPoolExecutor(2) as executor:
            for done in [executor.submit(try_one, *pair, number % 2 == 0)
                         for number, pair in enumerate(pairs)]:
                done.result()

    def test_raw(self):
        """What one segment brings."""
        for spec, payloads in (("raw", [b"Hello", b"a\0b", b"x"]),
                               ("raw,max=2", [b"He", b"ll", b"o", b"a\0", b"b", b"x"])):
            capture = self.capture()
            capture.add([b"Hello", b"a\0b", b"x"])
            said = said_by_tshark(capture.read(self.script(spec))[0, True])
            self.assertEqual(payloads, said.payloads)


class Bounds(WiresharkTest):
    """No length makes Wireshark wait for more than it should hold."""

    def read(self, spec, *segments):
        capture = self.capture()
        capture.add(segments)
        return capture.read(self.script(spec))[0, True]

    def test_a_length_above_the_bound(self):
        for spec, header in (("digits:10", b"0016777217"), ("u32be", b"\x01\0\0\x01"),
                             ("u64le", b"\1\0\0\1\0\0\0\0"), ("varint", b"\x81\x80\x80\x08"),
                             ("digits:10,max=2", b"0000000003"), ("netstring", b"16777217:"),
                             ("fixed:17MiB", b"a")):
            with self.subTest(spec):
                said = self.read(spec, header, b"0")
                self.assertEqual(["frame.too_large"], said[0]["error"])

    def test_a_length_at_the_bound(self):
        for spec, header in (("digits:10", b"0016777216"), ("u32be", b"\x01\0\0\0"),
                             ("digits:10,max=3", b"0000000003"), ("line,max=3", b"ab")):
            with self.subTest(spec):
                self.assertEqual([], self.read(spec, header, b"0"))

    def test_a_larger_bound(self):
        frame = b"%010d" % (20 << 20)
        self.assertEqual([], self.read("digits:10,max=100MiB", frame, b"0"))

    def test_more_than_wireshark_can_be_asked_for(self):
        for spec, length in (("digits:10,max=1GiB", 300 << 20),
                             (f"digits:20,max={10**18}", 10**18),
                             ("digits:20,oversize=skip", 2**64 - 2)):
            with self.subTest(spec):
                width = int(spec[7:9])
                said = self.read(spec, b"%0*d" % (width, length), b"%0*dHi" % (width, 2))
                self.assertEqual([str(length)], said[0]["length"])
                self.assertTrue(any("does not reassemble" in words for words in said[0][WORDS]))
                self.assertEqual([b"Hi".hex()], said[1]["payload"])

    def test_segments_that_may_not_be_put_together(self):
        capture = self.capture()
        capture.add([b"0002Hi0005Hel", b"lo", b"0002Hi"])
        said = capture.read(self.script("digits:4"), "-o", "tcp.desegment_tcp_streams:FALSE")
        self.assertEqual([[b"Hi".hex()], [], [b"Hi".hex()]],
                         [fields["payload"] for fields in said[0, True]])

    def test_the_rest_of_a_segment_is_left_alone(self):
        said = self.read("netstring", b"5:Hello,2:Hi", b"!3:abc,", b"3:abc,")
        self.assertEqual([["frame.syntax"], []], [fields["error"] for fields in said[1:]])
        self.assertEqual([[], [b"abc".hex()]], [fields["payload"] for fields in said[1:]])


if __name__ == "__main__":
    unittest.main()
