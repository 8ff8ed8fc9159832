"""Lengths in decimal digits: of fixed width, and of as many digits as it takes."""
import re

from oracle.announced import Announced
from oracle.characters import count_characters, read_characters
from oracle.spec import unescape
from oracle.stream import Refused

DIGITS, LETTERS = b"0123456789", b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
DIGITS_MAX = 10
BLANK = ord(" ")


def fault_of_first(byte):
    """Whether somebody could begin a number with it, or this is something else altogether."""
    control = byte < 0x20 and not 0x09 <= byte <= 0x0D or byte == 0x7F
    return "frame.syntax" if byte in LETTERS or control or byte >= 0xF8 else "frame.length_syntax"


class Digits(Announced):

    def __init__(self, spec):
        super().__init__(spec)
        self.width = int(spec.argument)
        self.pad = spec.options.get("pad", "zero")
        self.characters = spec.options.get("count") == "chars"
        self.number_max = min(10**self.width, 2**64) - 1

    def read_number(self, stream, limit):
        header = b""
        while len(header) < self.width:
            byte = stream.next()
            if not self.may_follow(header, byte):
                raise stream.wrong("frame.length_syntax" if header else fault_of_first(byte))
            header += bytes([byte])
            if header.strip() and int(header) > limit:
                raise stream.too_large()
        return int(header)

    def may_follow(self, header, byte):
        if self.pad == "zero":
            return byte in DIGITS
        if byte == BLANK:
            if self.pad == "space":
                return header != b""
            return not header.strip() and len(header) + 1 < self.width
        return byte in DIGITS and header.lstrip() != b"0" and (
            not header.endswith(b" ") or self.pad == "left-space")

    def number(self, value):
        digits = b"%d" % value
        return {"zero": digits.rjust(self.width, b"0"), "space": digits.ljust(self.width, b" "),
                "left-space": digits.rjust(self.width, b" ")}[self.pad]

    def read_payload(self, stream, length):
        if not self.characters:
            return stream.take(length)
        return read_characters(stream, length, self.length_max())

    def length_of(self, payload):
        return count_characters(payload) if self.characters else len(payload)


class Hex(Announced):
    """Both cases are read."""

    def __init__(self, spec):
        super().__init__(spec)
        self.width = int(spec.argument)
        self.number_max = 16**self.width - 1

    def read_number(self, stream, limit):
        header = b""
        while len(header) < self.width:
            byte = stream.next()
            if byte not in b"0123456789abcdefABCDEF":
                raise stream.wrong("frame.length_syntax" if header else fault_of_first(byte))
            header += bytes([byte])
            if int(header, 16) > limit:
                raise stream.too_large()
        return int(header, 16)

    def number(self, value):
        return b"%0*x" % (self.width, value)


class Bcd(Announced):
    """Two digits in each byte."""

    def __init__(self, spec):
        super().__init__(spec)
        self.width = int(spec.argument)
        self.number_max = min(100**self.width, 2**64) - 1

    def read_number(self, stream, limit):
        value = 0
        for _ in range(self.width):
            byte = stream.next()
            if not re.fullmatch("[0-9]{2}", f"{byte:02x}"):
                raise stream.wrong("frame.length_syntax")
            for digit in divmod(byte, 16):
                value = 10 * value + digit
                if value > limit:
                    raise stream.too_large()
        return value

    def number(self, value):
        return bytes.fromhex(str(value).rjust(2 * self.width, "0"))


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


class Decimal(Announced):

    number_max = 10**DIGITS_MAX - 1

    def __init__(self, spec):
        super().__init__(spec)
        self.terminator = unescape(spec.argument)

    def read_number(self, stream, limit):
        value = read_decimal(stream, limit, self.terminator[0], fault_of_first)
        for expected in self.terminator[1:]:
            if stream.next() != expected:
                raise stream.wrong("frame.length_syntax")
        return value

    def number(self, value):
        return decimal(value) + self.terminator
