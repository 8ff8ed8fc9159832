"""`line`, `delimiter`, `mllp`: payloads that end where their terminator does."""
import unittest

from comparison import Comparison

BYTES = [b"a", b"b", b"\r", b"\n", b"\r\n", b"\x1c", b"\x0b", b"\x03", b"\0", b"\xff", b"\x80",
         b" ", b",", b"\\"]
LONG = 32 * "a"


class Line(Comparison, unittest.TestCase):
    specs = ("line", "line,max=1", "line,max=2", "line,max=2,oversize=skip", "line,max=60",
             "line,oversize=skip", "line,max=0", "line,max=0,oversize=skip")
    refused = ("line:1", "line,count=chars")
    sample = b"Hi\r\n\ra\n"
    tokens = BYTES + [b"abc\n", b"\n\n", b"\r\r", b"\r\r\n"]
    streams = (3000 * b"a" + b"\r\na\n", 3000 * b"\r" + b"\n\r\n", 3000 * b"\n")
    few = (b"a", b"b", b"\r", b"\n")
    few_max = 5


class Delimiter(Comparison, unittest.TestCase):
    specs = ("delimiter:aab", "delimiter:aab,max=2", "delimiter:aab,max=2,oversize=skip",
             "delimiter:aa", "delimiter:aa,max=1", "delimiter:aa,max=1,oversize=skip",
             "delimiter:abab,max=1", "delimiter:abab,max=1,oversize=skip", "delimiter:aaba,max=3",
             "delimiter:aabaaa,max=1", r"delimiter:\r\n", r"delimiter:\r\n,max=3",
             r"delimiter:\r\n.\r\n", r"delimiter:\n\n,max=2,oversize=skip",
             r"delimiter:\x03", r"delimiter:\x03,max=2", r"delimiter:\0", r"delimiter:\,",
             r"delimiter:\x2c\\", "delimiter:a:b",
             f"delimiter:{LONG},max=2", f"delimiter:{LONG[:31]}b,oversize=skip,max=3",
             r"delimiter:\t\xfF", "delimiter:é")
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
    specs = ("mllp", "mllp,max=1", "mllp,max=2,oversize=skip", "mllp,max=60", "mllp,oversize=skip")
    refused = ("mllp:1", "mllp,trailer=1")
    sample = b"\x0bHi\x1c\r\x0b\x1c\x1c\r"
    tokens = BYTES + [b"\x1c\r", b"\x0b\x1c\r", b"\x0bMSH|\r\x1c\r", b"\x1c\x1c\r", b"\x1c\x1c"]
    streams = tuple(b"\x0b" + 3000 * text + b"\r" for text in (b"a", b"\x1c", b"a\x1c"))
    few = (b"\x0b", b"\x1c", b"\r", b"a")
    few_max = 5


if __name__ == "__main__":
    unittest.main()
