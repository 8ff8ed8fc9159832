"""`line`, `delimiter`, `mllp`: payloads that end where their terminator does."""
import unittest

from comparison import Comparison
from specs import specs_of

BYTES = [b"a", b"b", b"\r", b"\n", b"\r\n", b"\x1c", b"\x0b", b"\x03", b"\0", b"\xff", b"\x80",
         b" ", b",", b"\\"]
LONG = 32 * "a"


class Line(Comparison, unittest.TestCase):
    specs = specs_of("line", "line")
    refused = ("line:1", "line,count=chars", "line,eol=cr", "line,eol=")
    sample = b"Hi\r\n\ra\n"
    tokens = BYTES + [b"abc\n", b"\n\n", b"\r\r", b"\r\r\n"]
    streams = (3000 * b"a" + b"\r\na\n", 3000 * b"\r" + b"\n\r\n", 3000 * b"\n")
    few = (b"a", b"b", b"\r", b"\n")
    few_max = 5


class Delimiter(Comparison, unittest.TestCase):
    specs = specs_of("delimiter", "delimiter:aab")
    refused = ("delimiter", "delimiter:", f"delimiter:{LONG}a", r"delimiter:\q", r"delimiter:\x1",
               "delimiter:\\", "delimiter:a,b")
    sample = b"Hiaabaaab"
    tokens = BYTES + [b"aa", b"ab", b"ba", b"aba", b":", b".", b"\r\n.\r\n", b"\t", "é".encode(),
                      LONG.encode(), LONG[:31].encode()]
    streams = tuple(3000 * b"a" + end for end in (b"", b"b", b"\r\n", b"\n\n", b"\x03", b"ab"))
    few = (b"a", b"b", b"\r", b"\n", b"c")


class SelfOverlappingDelimiter(Comparison, unittest.TestCase):
    specs = tuple(f"delimiter:{text}{options}" for text in ("aab", "aa", "abab", "aaba", "abaab")
                  for options in ("", ",max=0", ",max=1", ",max=3", ",max=2,oversize=skip"))
    sample = b"aaabbaab"
    tokens = (b"a", b"b", b"aa", b"ab", b"ba", b"bb")
    few = (b"a", b"b")
    few_max = 8


class Mllp(Comparison, unittest.TestCase):
    specs = specs_of("mllp", "mllp")
    refused = ("mllp:1", "mllp,trailer=256", "mllp,skip=", "mllp,skip=\\x0b", "between",
               "between:a", "between:..a", "between:a..", "between:123456789..a",
               "between:a..123456789")
    sample = b"\x0bHi\x1c\r\x0b\r\x1c\r"
    tokens = BYTES + [b"\x1c\r", b"\x0b\x1c\r", b"\x0bMSH|\r\x1c\r", b"\x1c\x1c\r", b"\x1c\x1c"]
    streams = tuple(b"\x0b" + 3000 * text + b"\r" for text in (b"a", b"\x1c", b"a\x1c"))
    few = (b"\x0b", b"\x1c", b"\r", b"a")
    few_max = 5


class Between(Comparison, unittest.TestCase):
    specs = specs_of("between", r"between:\x02..\x03")
    refused = ("between:a..b,trailer=x", "between:a..b,skip=a", "between:a..b,end=c",
               r"between:a..\q", r"between:\q..a", r"between:a..b,skip=\q", "between:a..b,trailer=")
    sample = b"\x02Hi\x03\x02\x03\x02 \x03"
    tokens = BYTES + [b"\x02", b"\x03", b"\x02a\x03", b"<", b"<<", b">", b">>", b"<<a>>\0", b"aab",
                      b"aabb", b"abb", b"aba", b"cab", b"c", b"\x0bx\x1c\r", b"\x1c\r", b"\n\0"]
    streams = tuple(begin + 3000 * text + end for text in (b"x", b"<", b"a")
                    for begin, end in ((b"\x02", b"\x03"), (b"<<", b">>0"), (b"aab", b"b")))
    few = (b"a", b"b", b"c", b"<", b">")


if __name__ == "__main__":
    unittest.main()
