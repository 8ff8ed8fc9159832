"""`digits`, `netstring`, `octet-count`, `content-length`."""
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
    refused = ("octet-count:4", "octet-count,trailer=1", "syslog:3")
    sample = b"2 Hi10 0123456789"
    tokens = BYTES + NUMBERS + [b"0 ", b"1 a", b"2 1 "]
    few = (b"0", b"1", b"3", b" ", b"a")


def header_of(size, value=b"1"):
    """A header of so many bytes, which another field fills up."""
    length = b"Content-Length: " + value + b"\r\n"
    return length + b"x: " + (size - len(length) - 7) * b"y" + b"\r\n\r\n"


class ContentLength(Comparison, unittest.TestCase):
    specs = specs_of("content_length", "content-length")
    refused = ("content-length:4", "content-length,magic=a")
    sample = b"x: y\r\nContent-Length: 10\r\n\r\n0123456789"
    tokens = BYTES + NUMBERS + [
        b"Content-Length: 3\r\n\r\n", b"content-length: 10\r\n", b"CONTENT-LENGTH: ", b"\r\n",
        b"\r\n\r\n", b"Content-Length:", b"Content-Length : 1", b"Content-Type: a; b=c\r\n",
        b"x: \r\n", b"x:\r\n", b"x: \xff\t~\r\n", b"x", b": ", b"!#$%&'*+.^_`|~-", b'"', b"/"]
    few = (b"Content-Length: ", b"x: ", b"1", b"\r\n", b"\r\n\r\n", b"\r")
    streams = (
        *(header_of(size) + b"a" for size in (4095, 4096, 4097, 4098, 5000)),
        *(header_of(4096)[:size] for size in (4094, 4095)),
        *(header_of(4090)[:-2] + line + b"\r\na" for line in (
            b"y: z\r\n", b"y: zz\r\n", b"Content-Length: 1\r\n", b"y", b"yyyyyyyy", b"/")),
        *(header_of(4096, value) + b"a" for value in (b"0", b"12", b"16777217", b"9999999999")),
        2 * (header_of(4096) + b"a"),
    )

    def vary(self, rng, frames, frame):
        """Other fields stand around the length, whose name is written in any way."""
        fields = (b"", b"Content-Type: application/json\r\n", b"x: \r\n",
                  b"Content-Length2: 5\r\n")
        length, end, payload = frame.partition(b"\r\n")
        name, colon, digits = length.partition(b":")
        length = rng.choice((name, name.upper(), name.lower())) + colon + digits
        return rng.choice(fields) + length + end + rng.choice(fields) + payload


if __name__ == "__main__":
    unittest.main()
