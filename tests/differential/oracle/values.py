"""Payloads that are values which end by themselves: a grammar says where."""
from oracle.framing import Framing
from oracle.stream import Refused, Stream, Wrong

LENGTH_MAX = 9_999_999_999
SPACES = b" \n\r\t"


class Cursor:
    """Reads a value's bytes up to the bound."""

    def __init__(self, stream, bound):
        self.stream, self.bound = stream, bound

    def size(self):
        return self.stream.at - self.stream.frame

    def room(self):
        return max(self.bound - self.size(), 0)

    def check_size(self):
        """Of what was read, all of which is right."""
        if self.size() > self.bound:
            self.stream.at = self.stream.frame + self.bound + 1
            raise self.stream.too_large()

    def next(self):
        self.check_size()
        return self.stream.next()

    def peek(self):
        """The next byte, which may be no part of the value."""
        byte = self.next()
        self.stream.at -= 1
        return byte

    def take(self, size):
        for _ in range(size):
            self.next()

    def expect(self, allowed, name="frame.syntax"):
        byte = self.next()
        if byte not in allowed:
            raise self.stream.wrong(name)
        return byte

    def require_room(self, size):
        """For what the byte read last announces."""
        if size > self.room():
            raise self.stream.too_large()

    def decimal(self, end, name="frame.length_syntax"):
        """A length, and the byte that ends it."""
        value, digits = 0, 0
        while True:
            byte = self.expect(b"0123456789" + end if digits else b"0123456789", name)
            if byte in end:
                return value
            if digits == 10 or (digits and not value):
                raise self.stream.wrong(name)
            value = value * 10 + byte - 48
            digits += 1
            if value > self.room():
                raise self.stream.too_large()


class Value(Framing):

    def read_frame(self, stream):
        cursor = Cursor(stream, float("inf") if self.skips else self.bound)
        self.read(cursor)
        cursor.check_size()
        payload = stream.data[stream.frame:stream.at]
        self.read_end(stream)
        return self.said_of(payload)

    def read(self, cursor):
        """Moves behind the value."""
        raise NotImplementedError

    def read_end(self, stream):
        """Of a value that needs one."""

    def made_up(self, rng):
        """A value at random."""
        raise NotImplementedError

    def frame(self, payload):
        self.check_sent(len(payload))
        stream = Stream(payload)
        try:
            self.read(Cursor(stream, float("inf")))
        except Wrong as wrong:
            truncated = wrong.name == "frame.truncated"
            raise Refused("frame.wrong_size" if truncated else wrong.name) from wrong
        if not stream.at_end():
            raise Refused(self.why_longer(payload[stream.at:]))
        return payload

    def why_longer(self, rest):
        """Why a payload is refused whose value ends before this rest."""
        return "frame.wrong_size"
