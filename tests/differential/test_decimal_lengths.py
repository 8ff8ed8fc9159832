"""`digits`, `hex`, `bcd`, `decimal`."""
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


class HexadecimalDigits(Comparison, unittest.TestCase):
    specs = specs_of("hexadecimal", "hex:4", "^hex")
    refused = ("hex", "hex:0", "hex:17", "hex:4,pad=space", "hex:4,count=chars")
    sample = b"0002Hi0001a"
    tokens = BYTES + NUMBERS + [b"0a", b"F", b"g", b"G", b"@", b"`", b"000000000000000000ff"]
    few = (b"0", b"1", b"a", b"F", b"g")

    def vary(self, rng, frames, frame):
        """Either case will do."""
        size = len(frames.magic) + frames.lead
        end = size + frames.width
        return frame[:size] + rng.choice((frame[size:end].upper(), frame[size:end])) + frame[end:]


class PackedDigits(Comparison, unittest.TestCase):
    specs = specs_of("hexadecimal", "bcd:2", "^bcd")
    refused = ("bcd", "bcd:0", "bcd:11", "bcd:2,pad=space")
    sample = b"\0\x02Hi\0\x01a"
    tokens = BYTES + [b"\0", b"\0\0", b"\x01", b"\x10", b"\x99", b"\x9a", b"\xa9", b"\x11" * 9]
    few = (b"\0", b"\x01", b"\x02", b"\x0a", b"\xa0")


class Netstring(Comparison, unittest.TestCase):
    specs = specs_of("netstring", "netstring")
    refused = ("netstring:4", "netstring,pad=zero", "netstring,count=chars", "decimal",
               "decimal:5", "decimal:abcde")
    sample = b"2:Hi,10:0123456789,"
    tokens = BYTES + NUMBERS + [b":,", b"0:,", b"1:a,", b"2:1:,", b"$3\r\nabc\r\n", b"$", b"\r\n"]
    few = (b"0", b"1", b"2", b":", b",", b"a")


class OctetCount(Comparison, unittest.TestCase):
    specs = specs_of("octet_count", "octet-count")
    refused = ("octet-count:4", "octet-count,pad=space")
    sample = b"2 Hi10 0123456789"
    tokens = BYTES + NUMBERS + [b"0 ", b"1 a", b"2 1 "]
    few = (b"0", b"1", b"3", b" ", b"a")


if __name__ == "__main__":
    unittest.main()
