"""`slip`, `kiss`: payloads that are written in other bytes."""
import unittest

from comparison import Comparison
from specs import specs_of

FLAG, ESCAPE = b"\xc0", b"\xdb"


class Slip(Comparison, unittest.TestCase):
    specs = specs_of("stuffed", "slip")
    refused = ("slip:1", "slip,end=a", "kiss:1")
    sample = b"\xc0a\xdb\xdcb\xc0\xc0\xdb\xddc\xc0"
    tokens = [FLAG, ESCAPE, b"\xdb\xdc", b"\xdb\xdd", b"\xdc", b"\xdd", b"a", b"\0", FLAG * 3,
              b"\xc0a\xc0", b"hello"]
    streams = (FLAG + 3000 * b"\xdb\xdc" + FLAG, 3000 * FLAG + b"a" + FLAG, 3000 * b"a" + FLAG)
    few = (FLAG, ESCAPE, b"\xdc", b"a")
    few_max = 5


if __name__ == "__main__":
    unittest.main()
