"""`chunks`, `chunked`, `netconf11`."""
import unittest

from comparison import Comparison
from specs import specs_of


class Sized(Comparison, unittest.TestCase):
    specs = specs_of("chunks", "chunks:u16be", "^chunks:")
    refused = ("chunks", "chunks:", "chunks:u12be", "chunks:u8be", "chunks:u16", "chunks:digits:4",
               "chunks:u16be,adjust=1", "chunks:6", "chunks:u")
    sample = b"\0\2Hi\0\1!\0\0\0\0"
    tokens = [b"\0", b"\1", b"\2", b"\0\0", b"\0\1a", b"\1\0", b"\xff\xff", b"a", b"\3abc"]
    few = (b"\0", b"\1", b"\2", b"a")
    streams = (b"\x0f\xff" + 4095 * b"a" + b"\0\0",)


class Chunked(Comparison, unittest.TestCase):
    specs = specs_of("chunks", "chunked", "^chunked")
    refused = ("chunked:4", "chunked,end=a")
    sample = b"2\r\nHi\r\n1;a=b\r\n!\r\n00\r\nx: y\r\n\r\n"
    tokens = [b"0\r\n\r\n", b"0\r\n", b"\r\n", b"\r", b"\n", b"2\r\nab\r\n", b"1;x\r\na\r\n", b"A",
              b"f", b"g", b"0x", b" ", b";", b"x: y\r\n", b"Content-Length: 0\r\n",
              b"x:y\r\n z\r\n",
              b"Transfer-Encoding: a\r\n", b"0000000000000001", b"ffffffffffffffff", b"\0", b"-1"]
    few = (b"0", b"1", b"\r\n", b"a", b";", b"\n")
    streams = (
        *(b"1;" + size * b"x" + b"\r\na\r\n0\r\n\r\n" for size in (4095, 4096, 4097)),
        *(b"0\r\nx: " + size * b"x" + b"\r\n\r\n" for size in (4093, 4094)),
        *(b"1;" + 3000 * b"x" + b"\r\na\r\n0\r\nx: " + size * b"x" + b"\r\n\r\n"
          for size in (1093, 1094)),
        b"0000000000000000\r\n\r\n", b"00000000000000000\r\n\r\n",
    )


class Netconf(Comparison, unittest.TestCase):
    specs = specs_of("chunks", "netconf11", "^netconf11")
    refused = ("netconf11:4", "netconf11,eol=lf")
    sample = b"\n#2\nHi\n#10\n0123456789\n##\n"
    tokens = [b"\n", b"#", b"\n#", b"\n##\n", b"\n#1\na", b"0", b"1", b"9", b"4294967295",
              b"4294967296", b" ", b"\r\n", b"a", b"\n#3\nabc\n##\n"]
    few = (b"\n", b"#", b"1", b"a", b"\n#1\na")


if __name__ == "__main__":
    unittest.main()
