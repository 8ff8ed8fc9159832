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
import test_chunks as chunked
import test_decimal_lengths as decimal
import test_delimited as delimited
import test_fields as fields
import test_stuffed as stuffed
import test_unframed as unframed
import test_values as values

# Specs, and who makes up streams for them.
FRAMINGS = {
    decimal.Digits: ("digits:1", "digits:10", "digits:20,pad=space", "digits:255",
                     "digits:4,lead=2,adjust=-4", "digits:6,pad=left-space,max=60,oversize=skip",
                     "digits:2,max=3,oversize=skip", "digits:20,oversize=skip",
                     "iso8583-ascii4,max=1kB"),
    decimal.DigitsOfCharacters: ("digits:10,count=chars", "digits:1,count=chars,max=3",
                                 "digits:2,pad=space,count=chars,max=40,oversize=skip"),
    decimal.Netstring: ("netstring", "netstring,max=2,oversize=skip",
                        r"decimal:\r\n,magic=$,end=\r\n", r"decimal:\x20,adjust=-3,idle=1-2"),
    decimal.HexadecimalDigits: ("hex:4,adjust=-4,idle=0-3", "hex:8,lead=4",
                                "hex:16,max=255,oversize=skip"),
    decimal.PackedDigits: ("bcd:1,lead=1,max=20", "bcd:10,oversize=skip"),
    decimal.OctetCount: ("octet-count", "octet-count,max=12"),
    fields.ContentLength: ("content-length", "lsp,max=2,oversize=skip",
                           "content-length,field=l|Content-Length,blanks=any",
                           "content-length,missing=0,eol=any,max=20"),
    fields.KeptMessage: ("content-length,fields=keep,eol=lf,missing=0",
                         "content-length,fields=keep,start=line,field=Content-Length|l,"
                         r"blanks=any,skip=\r\n",
                         "content-length,fields=keep,missing=0,eol=any,end=ab,max=60,"
                         "oversize=skip",
                         r"content-length,fields=keep,missing=end,end=\0,max=50,oversize=skip",
                         "content-length,fields=keep,start=line,missing=0,interleaved=$,"
                         r"skip=\r\n"),
    unframed.Fixed: ("fixed:3", "fixed:4,max=3", "fixed:4,max=3,oversize=skip"),
    binary.Widths: ("u8", "u16be", "u16le", "u24be", "u24le", "u32be", "u32le", "u64be", "u64le",
                    "u64be,oversize=skip", "kafka,max=20", "u16le,max=2,oversize=skip"),
    binary.Options: ("tpkt", "u8,offset=3,trailer=2", r"u8,magic=\,\\\x00,adjust=+2",
                     "u8,lead=2", "u32be,lead=1,adjust=-4", "u16le,magic=ab,lead=3,max=9,trailer=1",
                    "u16le,lead=16,max=18,oversize=skip",
                    "u24be,offset=4,magic=ab,max=40,oversize=skip,trailer=1",
                     "u32le,adjust=-4294967296", "u64be,adjust=1,oversize=skip",
                     "u64le,adjust=-2,trailer=1,max=5",
                     r"u16be,magic=\xD3,mask=03ff,adjust=3",
                     "u8,mask=7,last=80,adjust=-2,magic=a",
                     "u8,mask=3,more=80,max=2,oversize=skip", "u8,join=full",
                     "u8,mask=3,adjust=1,join=full,max=6,oversize=skip",
                     "u32be,mask=7fffffff,last=80000000", "u16be,adjust=-2,idle=0",
                     "u8,mask=f,idle=3-33,max=2", "u8,end=ab,max=1,oversize=skip"),
    binary.Varint: ("varint", "varint,oversize=skip", "protobuf-delimited,max=130",
                    "varint:4,lead=1", r"varint,magic=\xBF,adjust=-1,end=\0",
                    "varint,form=any,oversize=skip"),
    delimited.Line: ("line", "line,eol=lf,max=3", "line,max=2", "line,max=2,oversize=skip"),
    delimited.Delimiter: ("delimiter:aab,max=2,oversize=skip", r"delimiter:\r\n", "delimiter:aaba"),
    delimited.Mllp: ("mllp", "mllp,max=2,oversize=skip"),
    delimited.Between: (r"between:\x02..\x03", r"between:\x02..\x03,max=2,oversize=skip",
                        "between:aab..b,max=4", "between:a..bb,trailer=2,max=3,oversize=skip",
                        r"between:aba..cab,skip=\r\n"),
    stuffed.AnyDelimiter: ("delimiter:abc,or=bd,or=cab", "delimiter:ab,or=ca,max=3,oversize=skip"),
    stuffed.Slip: ("slip", "slip,max=3", "slip,max=2,oversize=skip", "kiss"),
    stuffed.Flagged: ("hdlc", "jt808", "tn3270,max=3,oversize=skip"),
    stuffed.Cobs: ("cobs,max=300,oversize=skip",),
    stuffed.Dot: ("dot", "dot,eol=lf,max=9"),
    values.Resp: ("resp", "resp,max=12,oversize=skip"),
    values.Ber: ("ber,max=40",),
    values.Json: ("json", "json,max=9,oversize=skip"),
    values.Msgpack: ("msgpack,max=60",),
    values.Nats: ("nats,max=90",),
    values.Memcached: ("memcached,max=60,oversize=skip",),
    values.Beanstalkd: ("beanstalkd",),
    values.Fix: ("fix", "fix,max=20,oversize=skip"),
    values.SyslogAny: ("syslog-any", "syslog-any,max=8"),
    chunked.Sized: ("chunks:u16be", "chunks:u24le,max=5,oversize=skip"),
    chunked.Chunked: ("chunked", "chunked,max=3"),
    chunked.Netconf: ("netconf11,max=40",),
}
# Read as others are, or by another test.
ALIKE = {"raw", "eof", *(f"u{bits}{order}" for bits in (40, 48, 56)
                                      for order in ("be", "le"))}
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
LONG_MAX = 20_000
LONG = b"0123456789abcdef" * 200


def conversations(spec, rng):
    """Frames cut everywhere, in any order and twice, many in a segment and over many."""
    frames = comparison.boundless(spec)
    texts, long = [b"Hello", b"", "né€😀".encode(), b"xyz", b"exit"], [LONG, b"end"]
    if hasattr(frames, "made_up"):
        texts, long = ([frames.made_up(rng) for _ in range(5)] for _ in range(2))
    short = b"".join(streams.framed(frames, text) for text in texts)
    long = short + b"".join(streams.framed(frames, text) for text in long)
    if short:
        yield from ((short, whole(short)), (short, bytewise(short)), (long, whole(long)))
        places = range(1, len(short))
        yield from ((short, cut(short, at)) for at in rng.sample(places, min(len(places), 60)))
        yield from ((long, cut_at_random(long, rng)) for _ in range(3))
        yield from ((long, disordered(long, rng)) for _ in range(8))


def hostilities(kind, spec, rng):
    made, frames = kind(), comparison.boundless(spec)
    wrong = [*(streams.spoiled(rng, made.tokens, frames, made.vary) for _ in range(15)),
             *(streams.hostile(rng, made.tokens) for _ in range(15)),
             *rng.sample(list(streams.places(made.sample)), 15),
             *made.streams, *comparison.announced(frames), *SPECIAL.get(kind, ())]
    for stream in filter(None, wrong):
        if len(stream) > LONG_MAX:
            continue
        yield stream, whole(stream)
        yield stream, cut_at_random(stream, rng)
        if len(stream) <= BYTEWISE_MAX:
            yield stream, bytewise(stream)
    for value in rng.sample(range(256), 64):
        stream = bytes([value]) + made.sample[1:]
        yield stream, whole(stream)


class EveryFraming(WiresharkTest):

    def test_every_framing_is_here(self):
        names = {re.split("[:,]", spec)[0] for specs in FRAMINGS.values() for spec in specs}
        for row in json.loads(self.assert_done("framings", "--json")):
            for every in re.sub(r"\[.*?\]", "", row["spec"]).split("|"):
                self.assertIn(every.split(":")[0], names | ALIKE)

    def test_as_our_decoder(self):
        """One tshark reads half of them, and another the others twice, as Wireshark's window does
        that comes back to what it has seen."""
        pairs = [(kind, spec) for kind, specs in FRAMINGS.items() for spec in specs]

        def try_some(pairs, *options):
            cases = []
            for kind, spec in pairs:
                rng = comparison.randomness("wireshark", spec)
                cases.append((spec, [*conversations(spec, rng), *hostilities(kind, spec, rng)]))
            self.compare(cases, "-o", "tcp.desegment_tcp_streams:TRUE",
                         "-o", "tcp.reassemble_out_of_order:TRUE", *options)

        with ThreadPoolExecutor(2) as executor:
            for done in (executor.submit(try_some, pairs[::2], "-2"),
                         executor.submit(try_some, pairs[1::2])):
                done.result()

    def test_a_first_frame_and_replies(self):
        """Each direction has its own, however it is cut; also when it is read twice."""
        client = b"0123Hi\0\3abc\0\0\0\1z"
        server = b"OK\r\n2 yo0 3 abc"
        capture, rng = self.capture(), comparison.randomness("wireshark", "first")
        ways = [(whole(client), whole(server)), (bytewise(client), bytewise(server))]
        ways += [(cut_at_random(client, rng), disordered(server, rng)) for _ in range(12)]
        for way in ways:
            capture.add(*way)
        script = self.script(r"u16be,first=fixed:6,reply=octet-count\,first=line")
        options = ("-o", "tcp.reassemble_out_of_order:TRUE")
        for read in (capture.read(script, *options), capture.read(script, "-2", *options)):
            for number, way in enumerate(ways):
                for side, payloads in ((True, [b"0123Hi", b"abc", b"", b"z"]),
                                       (False, [b"OK", b"yo", b"", b"abc"])):
                    self.assertEqual(payloads, said_by_tshark(read[number, side]).payloads, way)

    def test_raw(self):
        """What one segment brings."""
        for spec, payloads in (("raw", [b"Hello", b"a\0b", b"x"]),
                               ("eof", [b"Hello", b"a\0b", b"x"]),
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
