"""Lengths in decimal digits: of fixed width, and of as many digits as it takes."""
from oracle.characters import count_characters, read_characters
from oracle.framing import Prefixed
from oracle.stream import Refused

DIGITS, LETTERS = b"0123456789", b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
DIGITS_MAX = 10
BLANK = ord(" ")


def fault_of_first(byte):
    """Whether somebody could begin a number with it, or this is something else altogether."""
    control = byte < 0x20 and not 0x09 <= byte <= 0x0D or byte == 0x7F
    return "frame.syntax" if byte in LETTERS or control or byte >= 0xF8 else "frame.length_syntax"


class Digits(Prefixed):

    def __init__(self, spec):
        super().__init__(spec)
        self.width = int(spec.argument)
        self.blanks = spec.options.get("pad") == "space"
        self.characters = spec.options.get("count") == "chars"

    def read_header(self, stream):
        header = b""
        while len(header) < self.width:
            byte = stream.next()
            if not self.may_follow(header, byte):
                raise stream.wrong("frame.length_syntax" if header else fault_of_first(byte))
            header += bytes([byte])
            if int(header) > self.length_max():
                raise stream.too_large()
        return int(header)

    def may_follow(self, header, byte):
        if not self.blanks:
            return byte in DIGITS
        if byte == BLANK:
            return header != b""
        return byte in DIGITS and header != b"0" and not header.endswith(b" ")

    def header(self, length):
        digits = b"%d" % length
        if len(digits) > self.width:
            raise Refused("frame.too_large")
        return digits.ljust(self.width, b" ") if self.blanks else digits.rjust(self.width, b"0")

    def read_payload(self, stream, length):
        if not self.characters:
            return stream.take(length)
        return read_characters(stream, length, self.length_max())

    def length_of(self, payload):
        return count_characters(payload) if self.characters else len(payload)


def read_decimal(stream, length_max, terminator, fault_of_first_byte):
    """A number and its terminator: `0`, or no zero in front."""
    digits = b""
    while True:
        byte = stream.next()
        if byte in DIGITS:
            if digits == b"0" or len(digits) == DIGITS_MAX:
                raise stream.wrong("frame.length_syntax")
            digits += bytes([byte])
            if int(digits) > length_max:
                raise stream.too_large()
        elif digits and byte == terminator:
            return int(digits)
        else:
            raise stream.wrong("frame.length_syntax" if digits else fault_of_first_byte(byte))


def decimal(length):
    if length >= 10**DIGITS_MAX:
        raise Refused("frame.too_large")
    return b"%d" % length


class Netstring(Prefixed):

    def read_header(self, stream):
        return read_decimal(stream, self.length_max(), ord(":"), fault_of_first)

    def header(self, length):
        return decimal(length) + b":"

    def read_trailer(self, stream):
        if stream.next() != ord(","):
            raise stream.wrong("frame.syntax")

    def trailer(self):
        return b","


class OctetCount(Prefixed):

    def read_header(self, stream):
        return read_decimal(stream, self.length_max(), BLANK, fault_of_first)

    def header(self, length):
        return decimal(length) + b" "
