"""Lengths in binary: integers of fixed width, and varint."""
import re

from oracle.announced import Announced

VARINT_BYTES_MAX = 10


class Binary(Announced):
    """`u16be` and its like."""

    def __init__(self, spec):
        super().__init__(spec)
        bits, order = re.fullmatch(r"u(\d+)(be|le|)", spec.name).groups()
        self.width = int(bits) // 8
        self.order = "little" if order == "le" else "big"
        self.number_max = 2 ** (8 * self.width) - 1

    def read_number(self, stream, limit):
        return int.from_bytes(stream.take(self.width), self.order)

    def number(self, value):
        return value.to_bytes(self.width, self.order)


class Varint(Announced):
    """Seven bits in each byte, the lowest first; bit 7 says that another byte follows."""

    def __init__(self, spec):
        super().__init__(spec)
        self.bytes_max = int(spec.argument or VARINT_BYTES_MAX)
        self.any_form = spec.options.get("form") == "any"
        self.number_max = min(2 ** (7 * self.bytes_max), 2 ** 64) - 1

    def read_number(self, stream, limit):
        length = 0
        for index in range(self.bytes_max):
            byte = stream.next()
            final = index == self.bytes_max - 1
            if byte == 0 and index > 0 and not self.any_form:
                raise stream.wrong("frame.length_syntax")
            if final and byte >= 0x80:
                raise stream.wrong("frame.length_syntax")
            if index == VARINT_BYTES_MAX - 1 and byte > 1:
                raise stream.too_large()
            length += (byte & 0x7F) << (7 * index)
            if length > limit:
                raise stream.too_large()
            if byte < 0x80:
                return length

    def number(self, value):
        written = b""
        while value >= 0x80:
            written += bytes([value & 0x7F | 0x80])
            value >>= 7
        return written + bytes([value])
