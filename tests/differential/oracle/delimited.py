"""Payloads that end where their terminator does."""
from oracle.framing import Framing
from oracle.spec import unescape
from oracle.stream import Refused


class Delimiter(Framing):

    def __init__(self, spec):
        super().__init__(spec)
        self.terminator = unescape(spec.argument)

    def read_frame(self, stream):
        text = b""
        while not text.endswith(self.terminator):
            text += bytes([stream.next()])
            ends = text.endswith(self.terminator)
            if not ends and not self.skips and self.surely_payload(text) > self.bound:
                raise stream.too_large()
        payload = text.removesuffix(self.terminator)
        if len(payload) > self.bound and not self.skips:
            raise stream.too_large()
        return self.said_of(payload)

    def surely_payload(self, text):
        """How many bytes of it can be no part of the terminator any more."""
        beginnings = (self.terminator[:size] for size in range(len(self.terminator)))
        return len(text) - max(len(part) for part in beginnings if text.endswith(part))

    def frame(self, payload):
        self.check_sent(len(payload))
        framed = payload + self.terminator
        if framed.find(self.terminator) < len(payload):
            raise Refused("frame.delimiter")
        return framed


class Mllp(Delimiter):

    def __init__(self, spec):
        super().__init__(spec)
        self.terminator = b"\x1c\r"

    def read_frame(self, stream):
        if stream.next() != 0x0B:
            raise stream.wrong("frame.syntax")
        return super().read_frame(stream)

    def frame(self, payload):
        return b"\x0b" + super().frame(payload)


class Line(Framing):

    def read_frame(self, stream):
        text = b""
        while not text.endswith(b"\n"):
            text += bytes([stream.next()])
            surely_payload = text.removesuffix(b"\n").removesuffix(b"\r")
            if len(surely_payload) > self.bound and not self.skips:
                raise stream.too_large()
        return self.said_of(surely_payload)

    def frame(self, payload):
        self.check_sent(len(payload))
        if b"\n" in payload or payload.endswith(b"\r"):
            raise Refused("frame.delimiter")
        return payload + b"\n"
