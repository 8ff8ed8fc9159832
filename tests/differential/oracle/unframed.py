"""Framings without header and terminator."""
from oracle.framing import Framing, Prefixed
from oracle.stream import Refused


class Fixed(Prefixed):

    def __init__(self, spec):
        super().__init__(spec)
        self.size = int(spec.argument)

    def read_header(self, stream):
        if self.size > self.length_max():
            stream.next()
            raise stream.too_large()
        return self.size

    def header(self, length):
        if length != self.size:
            raise Refused("frame.wrong_size")
        return b""


class Raw(Framing):
    """What one read returns, here all of the stream; the bound is the most that is one payload."""

    def read_frame(self, stream):
        return self.said_of(stream.take(min(self.bound, len(stream.data) - stream.at)))

    def frame(self, payload):
        return payload
