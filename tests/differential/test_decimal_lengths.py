"""`digits`, `netstring`, `octet-count`."""
import unittest

from comparison import Comparison
from specs import specs_of

BYTES = [b"0", b"1", b"2", b"5", b"9", b" ", b"+", b"-", b"_", b".", b":", b",", b"\t", b"\r",
         b"\n", b"\0", b"\x7f", b"\x80", b"\xc3", b"\xf7", b"\xf8", b"\xff", b"e", b"x", b"Z"]
NUMBERS = [b"00", b"10", b"0000000003", b"16777216", b"16777217", b"9999999999", b"10000000000",
           b"18446744073709551614", b"18446744073709551615", b"18446744073709551616"]


class Digits(Comparison, unittest.TestCase):
    specs = specs_of("digits", "digits:2", "^(?!.*count=)")
    refused = ("digits", "digits:", "digits:0", "digits:256", "digits:4,pad=left",
               "digits:4,count=words", "digits:4,max=", "digits:4,max=3Kib", "iso8583-ascii4:4")
    sample = b"02Hi01a"
    tokens = BYTES + NUMBERS
    few = (b"0", b"1", b"2", b" ", b"a")


class DigitsOfCharacters(Comparison, unittest.TestCase):
    specs = specs_of("digits", "digits:1,count=chars", "count=")
    sample = "2é€2😀a".encode()
    tokens = BYTES + NUMBERS + ["é".encode(), "€".encode(), "😀".encode(), b"\xc0\x80",
                                b"\xed\xa0\x80", b"\xe0\x9f", b"\xf0\x8f", b"\xf4\x90", b"\xf5"]
    few = (b"1", b"2", b"3", b"\xc3", b"\xa9", b"\xf0")


class Netstring(Comparison, unittest.TestCase):
    specs = specs_of("netstring", "netstring")
    refused = ("netstring:4", "netstring,pad=zero", "netstring,count=chars")
    sample = b"2:Hi,10:0123456789,"
    tokens = BYTES + NUMBERS + [b":,", b"0:,", b"1:a,", b"2:1:,"]
    few = (b"0", b"1", b"2", b":", b",", b"a")


class OctetCount(Comparison, unittest.TestCase):
    specs = specs_of("octet_count", "octet-count")
    refused = ("octet-count:4", "octet-count,trailer=1")
    sample = b"2 Hi10 0123456789"
    tokens = BYTES + NUMBERS + [b"0 ", b"1 a", b"2 1 "]
    few = (b"0", b"1", b"3", b" ", b"a")


if __name__ == "__main__":
    unittest.main()
