"""The oracle itself, by examples that can be checked by eye: what to expect of each framing."""
import unittest

import oracle

# each is what an encoder makes of `Hi`
FRAMES = {
    "digits:4": b"0002Hi", "digits:4,pad=space": b"2   Hi", "fixed:2": b"Hi", "raw": b"Hi",
    "u8": b"\x02Hi", "u16be": b"\0\x02Hi", "u24le": b"\x02\0\0Hi",
    "u8,offset=2,magic=a,adjust=-3,trailer=1": b"a\0\x05Hi\0", "tpkt": b"\x03\0\0\x06Hi",
    "u64be": 7 * b"\0" + b"\x02Hi", "varint": b"\x02Hi", "netstring": b"2:Hi,",
    "octet-count": b"2 Hi",
    "lsp": b"Content-Length: 2\r\n\r\nHi", "line": b"Hi\n", r"delimiter:\r\n": b"Hi\r\n",
    "mllp": b"\x0bHi\x1c\r",
}

DECODED = [
    ("digits:2", b"", "finished after 0"),
    ("digits:2", b"0", "failed frame.truncated at 1 after 1"),
    ("digits:2", b"00+1", "frame - at 0 after 2; failed frame.length_syntax at 2 after 3"),
    ("digits:2", b"0x", "failed frame.length_syntax at 1 after 2"),
    ("digits:2", b"x0", "failed frame.syntax at 0 after 1"),
    ("digits:2,pad=space", b"1 a01",
     "frame 61 at 0 after 3; failed frame.length_syntax at 4 after 5"),
    ("digits:3,max=64", b"065", "failed frame.too_large at 0 after 3"),
    ("digits:3,max=64", b"650", "failed frame.too_large at 0 after 2"),
    ("digits:2,max=1,oversize=skip", b"02Hi", "skipped 2 at 0 after 4; finished after 4"),
    ("digits:1,count=chars", b"1\xc3\xa90",
     "frame c3a9 at 0 after 3; frame - at 3 after 4; finished after 4"),
    ("digits:1,count=chars,max=1", b"1\xc3\xa9", "failed frame.too_large at 0 after 3"),
    ("digits:1,count=chars,max=1,oversize=skip", b"1\xc3\xa9",
     "skipped 1 at 0 after 3; finished after 3"),
    ("digits:1,count=chars", b"2a\xed\xa0\x80", "failed frame.utf8 at 3 after 4"),
    ("digits:1,count=chars", b"1\xc0\x80", "failed frame.utf8 at 1 after 2"),
    ("fixed:2", b"Hi!", "frame 4869 at 0 after 2; failed frame.truncated at 3 after 3"),
    ("u16le", b"\1\0a\1", "frame 61 at 0 after 3; failed frame.truncated at 4 after 4"),
    ("u8,adjust=-4", b"\x03", "failed frame.length_syntax at 0 after 1"),
    ("tpkt", b"\x03\1", "failed frame.syntax at 1 after 2"),
    ("u64be,oversize=skip", 8 * b"\xff", "failed frame.too_large at 0 after 8"),
    ("u64be,oversize=skip", 7 * b"\xff" + b"\xfe", "failed frame.truncated at 8 after 8"),
    ("varint", b"\x80\0", "failed frame.length_syntax at 1 after 2"),
    ("varint,max=300", b"\xad\x02", "failed frame.too_large at 0 after 2"),
    ("varint,oversize=skip", 9 * b"\x80" + b"\2", "failed frame.too_large at 0 after 10"),
    ("netstring", b"1:a;", "failed frame.syntax at 3 after 4"),
    ("netstring", b"01:", "failed frame.length_syntax at 1 after 2"),
    ("octet-count", b"1 a0 ", "frame 61 at 0 after 3; frame - at 3 after 5; finished after 5"),
    ("lsp", b"\r\n", "failed frame.length_syntax at 0 after 1"),
    ("lsp", b"X: y\r\n\r\n", "failed frame.length_syntax at 6 after 7"),
    ("lsp", b"X: \r\ncontent-LENGTH: 0\r\n\r\n", "frame - at 0 after 26; finished after 26"),
    ("lsp", b"Content-Length:1", "failed frame.length_syntax at 15 after 16"),
    ("line", b"a\r\nb", "frame 61 at 0 after 3; failed frame.truncated at 4 after 4"),
    ("line,max=1", b"a\r\r", "failed frame.too_large at 0 after 3"),
    ("line,max=1,oversize=skip", b"a\r\r\n", "skipped 2 at 0 after 4; finished after 4"),
    ("delimiter:aab", b"aaab", "frame 61 at 0 after 4; finished after 4"),
    ("delimiter:aa,max=0", b"ab", "failed frame.too_large at 0 after 2"),
    ("mllp", b"\x0b\x1c\x1c\r", "failed frame.syntax at 2 after 3"),
    ("mllp", b"Hi", "failed frame.syntax at 0 after 1"),
]

REFUSED = [
    ("digits:1", 10 * b"a", "frame.too_large"), ("digits:2,max=3", b"Hey!", "frame.too_large"),
    ("digits:2,count=chars", b"\xff", "frame.utf8"), ("fixed:2", b"Hey", "frame.wrong_size"),
    ("u8", 256 * b"a", "frame.too_large"), ("u8,adjust=4", b"Hey", "frame.wrong_size"),
    ("u8,adjust=-4", 252 * b"a", "frame.too_large"), ("line", b"Hi\r", "frame.delimiter"),
    ("line", b"H\ni", "frame.delimiter"), ("delimiter:aa", b"Hia", "frame.delimiter"),
    ("mllp", b"\x1c\r", "frame.delimiter"),
]


class Oracle(unittest.TestCase):

    def test_encodes(self):
        for spec, frame in FRAMES.items():
            with self.subTest(spec):
                frames = oracle.framing(spec)
                self.assertEqual(f"ok {frame.hex()}", oracle.encode(frames, b"Hi"))
                self.assertEqual([f"frame 4869 at 0 after {len(frame)}",
                                  f"finished after {len(frame)}"], oracle.decode(frames, frame))

    def test_decodes(self):
        for spec, stream, events in DECODED:
            with self.subTest(spec=spec, stream=stream):
                self.assertEqual(events.split("; "), oracle.decode(oracle.framing(spec), stream))

    def test_refuses(self):
        for spec, payload, name in REFUSED:
            with self.subTest(spec=spec, payload=payload):
                answer = oracle.encode(oracle.framing(spec), payload)
                self.assertEqual(f"refused {name}", answer)


if __name__ == "__main__":
    unittest.main()
