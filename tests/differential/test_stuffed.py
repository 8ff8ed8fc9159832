"""`slip`, `cobs`, `dot` and their like: payloads that are written in other bytes."""
import unittest

from comparison import Comparison
from specs import specs_of

FLAG, ESCAPE = b"\xc0", b"\xdb"


class Slip(Comparison, unittest.TestCase):
    specs = specs_of("stuffed", "slip", "slip|kiss")
    refused = ("slip:1", "slip,end=a", "kiss:1")
    sample = b"\xc0a\xdb\xdcb\xc0\xc0\xdb\xddc\xc0"
    tokens = [FLAG, ESCAPE, b"\xdb\xdc", b"\xdb\xdd", b"\xdc", b"\xdd", b"a", b"\0", FLAG * 3,
              b"\xc0a\xc0", b"hello"]
    streams = (FLAG + 3000 * b"\xdb\xdc" + FLAG, 3000 * FLAG + b"a" + FLAG, 3000 * b"a" + FLAG)
    few = (FLAG, ESCAPE, b"\xdc", b"a")
    few_max = 5


class Flagged(Comparison, unittest.TestCase):
    specs = specs_of("stuffed", "hdlc", "hdlc|jt808|tn3270")
    sample = b"~Hi~~}]}1~"
    tokens = [b"~", b"}", b"}^", b"}]", b"}\x01", b"}\x02", b"a", b"\xff", b"\xff\xff", b"\xff\xef",
              b"\xef", b"~a~", b"\0"]
    few = (b"~", b"}", b"\x01", b"\xff", b"\xef")


class Cobs(Comparison, unittest.TestCase):
    specs = specs_of("cobs", "cobs")
    refused = ("cobs:1", "cobs,eol=lf")
    sample = b"\x03Hi\x01\0\0\x02a\x01\x01\0"
    tokens = [b"\0", b"\x01", b"\x02", b"\x03", b"a", b"ab", b"\0\0", b"\xff" + 254 * b"x",
              253 * b"y", 254 * b"z", 255 * b"z"]
    few = (b"\0", b"\x01", b"\x02", b"\x03")
    few_max = 5


class Dot(Comparison, unittest.TestCase):
    specs = specs_of("dot", "dot")
    refused = ("dot:1", "dot,eol=any", "dot,eol=")
    sample = b"a\r\n..b\r\n.\r\n.\r\n"
    tokens = [b".", b"..", b"\r", b"\n", b"\r\n", b"a", b"a\r\n", b".\r\n", b"\r\n.\r\n", b"a\n",
              b".a\n", b"\n.\n"]
    streams = (3000 * b"a" + b"\r\n.\r\n", 1000 * b"..\r\n" + b".\r\n")
    few = (b".", b"\r", b"\n", b"a")
    few_max = 5


class UntilEnd(Comparison, unittest.TestCase):
    specs = specs_of("until_end", "eof")
    refused = ("eof:1", "eof,eol=lf")
    sample = b"Hello"
    tokens = [b"a", b"\0", b"\r\n", b"abc"]
    few = (b"a", b"\0")


class AnyDelimiter(Comparison, unittest.TestCase):
    specs = specs_of("any_delimiter", "delimiter:#,or=$")
    refused = ("delimiter:ab,or=b", "delimiter:b,or=ab", "delimiter:a,or=a", "delimiter:a,or=",
               "delimiter:a,or=b,or=c,or=d,or=e", r"delimiter:a,or=\q", "line,or=a",
               "delimiter:123456789,or=a")
    sample = b"Hi#you$#"
    tokens = [b"#", b"$", b";", b"\r", b"\n", b"\0", b"a", b"b", b"c", b"d", b"ab", b"abc", b"ca",
              b"cab", b"bd"]
    few = (b"a", b"b", b"c", b"d")
    few_max = 5


if __name__ == "__main__":
    unittest.main()
