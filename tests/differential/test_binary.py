"""Lengths in binary: integers of fixed width, and `varint`."""
import unittest

from comparison import Comparison
from specs import specs_of

BYTES = [bytes([value]) for value in (0, 1, 2, 3, 4, 5, 9, 0x20, 0x7F, 0x80, 0x81, 0xFE, 0xFF)]
ZEROS = [size * b"\0" for size in (2, 3, 7, 8)]

# Without options but those of every framing.
WIDTH_ONLY = r"(u\d+(be|le)?|kafka|erlang-packet4|iso8583-bin2)(,(max|oversize)=\w+)*$"


class Widths(Comparison, unittest.TestCase):
    specs = specs_of("binary", "u8", WIDTH_ONLY)
    refused = ("u16", "u12be", "u72be", "u8be", "u8le", "u128be", "u24", "u8:1", "u16be,pad=zero",
               "kafka:1")
    sample = b"\x02Hi\0\x01a"
    tokens = BYTES + ZEROS + [b"\xff" * 8, b"\0\0\0\x02ab", b"\x02\0\0\0ab", b"\x01a"]
    few = (b"\0", b"\x01", b"\x02", b"\xff", b"\0\0\0")
    streams = tuple(8 * b"\xff" + rest for rest in (b"", b"a")) + (
        7 * b"\xff" + b"\xfe" + b"a", b"\xfe" + 7 * b"\xff" + b"a", 7 * b"\xff" + b"\xfd" + b"a",
        b"\x7f" + 7 * b"\xff", b"\x80" + 7 * b"\0")


class Options(Comparison, unittest.TestCase):
    specs = specs_of("binary", "tpkt", f"^(?!{WIDTH_ONLY})")
    refused = ("u8,offset=256", "u8,trailer=256", "u8,offset=-1", "u8,offset=1,magic=ab",
               "u8,magic=", "u8,magic=\\", r"u8,magic=\q", r"u8,magic=\x0", r"u8,magic=\xg0",
               "u8,adjust=", "u8,adjust=x", "u8,adjust=4294967297", "u8,adjust=-4294967297",
               "u8,trailer=1,trailer=1", "tpkt:1", "u8,lead=17", "u8,lead=1,offset=1",
               "u8,end=", "u8,end=123456789", "u8,end=a,trailer=1", "u8,mask=", "u8,mask=5",
               "u8,mask=100", "u8,mask=1ff", "u8,mask=x", "u8,more=80", "u8,mask=7f,more=40",
               "u8,mask=7f,more=80,last=80", "u8,mask=7f,last=100", "u8,mask=3f,more=c0",
               "u8,join=all", "u8,mask=7f,more=80,join=full", "u8,join=full,lead=1",
               "u8,mask=7f,last=80,end=a", "u8,adjust=-255,join=full", "u64be,join=full",
               "u8,idle=", "u8,idle=2-1", "u8,idle=256", "u8,idle=1-", "u8,idle=0,lead=1",
               "u8,idle=0,trailer=1", "u8,idle=0,join=full", "u64be,idle=4294967296",
               "digits:4,count=chars,lead=1", "digits:4,count=chars,join=full")
    sample = b"\x03\0\0\x06Hi\x03\0\0\x04"
    tokens = BYTES + ZEROS + [b"\xff" * 7, b"\x03\0", b"\x03\0\0\x07abc", b"ab", b"a", b",\\\0",
                              b"\r\n\t\0", b"\0\0\0\x01\0\0\0\0", b"\0\0\0\x01\0\0\0\x02"]
    few = (b"\0", b"\x03", b"a", b"\x01", b"\xff\xff\xff")
    streams = tuple(head + 7 * b"\xff" + tail + b"a" for head in (b"", b"\xff", b"\xfe", b"\xfd")
                    for tail in (b"", b"\xff", b"\xfe", b"\xfd", b"\xfc"))

    def vary(self, rng, frames, frame):
        """What stands between magic and length, and in the trailer, is nobody's concern."""
        if frames.join or frames.mask is not None:
            return frame
        free = frames.offset - len(frames.magic)
        end = len(frame) - frames.trailer_bytes
        return (frame[:len(frames.magic)] + rng.randbytes(free) + frame[frames.offset:end]
                + rng.randbytes(len(frame) - end))


class Varint(Comparison, unittest.TestCase):
    specs = specs_of("varint", "varint")
    refused = ("varint:0", "varint:11", "varint:x", "varint,form=long", "protobuf-delimited:1")
    sample = b"\x02Hi\0\x01a"
    tokens = BYTES + ZEROS + [size * b"\xff" for size in (2, 8, 9, 10)] + [
        size * b"\x80" for size in (2, 8, 9, 10)] + [b"\x80\x01" + 128 * b"a", b"\x81\x08"]
    few = (b"\0", b"\x01", b"\x02", b"\x80", b"\xff", b"\x81")
    streams = tuple(
        head * size + tail for head in (b"\x80", b"\xff") for size in range(3, 12)
        for tail in (b"", b"\0", b"\x01", b"\x02", b"\x7f", b"\x80", b"\x81", b"\x01a"))


if __name__ == "__main__":
    unittest.main()
