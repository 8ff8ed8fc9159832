"""Lengths in binary: integers of fixed width, and varint."""
import re

from oracle.framing import Prefixed
from oracle.stream import Refused, Wrong

VARINT_BYTES_MAX = 10


class Binary(Prefixed):
    """`u16be` and its like, with `magic`, `lead`, `offset`, `adjust` and `trailer`."""

    def __init__(self, spec):
        super().__init__(spec)
        bits, order = re.fullmatch(r"u(\d+)(be|le|)", spec.name).groups()
        self.width = int(bits) // 8
        self.order = "little" if order == "le" else "big"
        self.magic = spec.bytes("magic")
        self.lead = spec.number("lead")
        before = len(self.magic) + self.lead
        self.offset = spec.number("offset") if "offset" in spec.options else before
        self.adjust = spec.number("adjust")
        self.trailer_bytes = spec.number("trailer")

    def read_header(self, stream):
        for expected in self.magic:
            if stream.next() != expected:
                raise stream.wrong("frame.syntax")
        self.begun = stream.take(self.offset - len(self.magic))[:self.lead]
        field_at = stream.at
        length = int.from_bytes(stream.take(self.width), self.order) + self.adjust
        if length < 0:
            raise Wrong("frame.length_syntax", field_at)
        length += self.lead
        if length > self.length_max():
            raise stream.too_large()
        return length

    def read_payload(self, stream, length):
        return self.begun + stream.take(length - self.lead)

    def frame(self, payload):
        self.check_sent(len(payload))
        header = self.header(len(payload))
        at = len(self.magic)
        return (header[:at] + payload[:self.lead] + header[at + self.lead:] + payload[self.lead:]
                + self.trailer())

    def header(self, length):
        """With zeros where the payload's first bytes go."""
        if length < self.lead:
            raise Refused("frame.wrong_size")
        field = length - self.lead - self.adjust
        if field < 0:
            raise Refused("frame.wrong_size")
        if field >= 2 ** (8 * self.width):
            raise Refused("frame.too_large")
        zeros = bytes(self.offset - len(self.magic))
        return self.magic + zeros + field.to_bytes(self.width, self.order)

    def read_trailer(self, stream):
        stream.take(self.trailer_bytes)

    def trailer(self):
        return bytes(self.trailer_bytes)


class Varint(Prefixed):
    """Seven bits in each byte, the lowest first; bit 7 says that another byte follows."""

    def read_header(self, stream):
        length = 0
        for index in range(VARINT_BYTES_MAX):
            byte = stream.next()
            final = index == VARINT_BYTES_MAX - 1
            if byte == 0 and index > 0:
                raise stream.wrong("frame.length_syntax")
            if final and byte >= 0x80:
                raise stream.wrong("frame.length_syntax")
            if final and byte > 1:
                raise stream.too_large()
            length += (byte & 0x7F) << (7 * index)
            if length > self.length_max():
                raise stream.too_large()
            if byte < 0x80:
                return length

    def header(self, length):
        written = b""
        while length >= 0x80:
            written += bytes([length & 0x7F | 0x80])
            length >>= 7
        return written + bytes([length])
