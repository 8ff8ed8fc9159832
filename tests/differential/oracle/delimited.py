"""Payloads that end where their terminator does."""
import re

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


class AnyDelimiter(Framing):
    """Up to the first of several."""

    def __init__(self, spec):
        super().__init__(spec)
        self.ends = [unescape(spec.argument)] + [unescape(end) for end in spec.others]

    def read_frame(self, stream):
        text = b""
        while not (found := [end for end in self.ends if text.endswith(end)]):
            text += bytes([stream.next()])
            held = max(size for end in self.ends for size in range(len(end) + 1)
                       if text.endswith(end[:size]))
            if len(text) - held > self.bound and not self.skips:
                raise stream.too_large()
        return self.said_of(text.removesuffix(found[0]))

    def frame(self, payload):
        self.check_sent(len(payload))
        framed = payload + self.ends[0]
        if any(end in framed[:-1] for end in self.ends):
            raise Refused("frame.delimiter")
        return framed


class Between(Framing):
    """Between two marks. The first may not occur inside, nor the beginning of the second."""

    def __init__(self, spec):
        super().__init__(spec)
        start, end = re.fullmatch(r"(?s)(.+?)\.\.(.+)", spec.argument).groups()
        self.start, self.mark = unescape(start), unescape(end)
        self.skipped, self.trailer_bytes = spec.bytes("skip"), spec.number("trailer")

    def at_end(self, stream):
        while not stream.at_end() and stream.data[stream.at] in self.skipped:
            stream.at += 1
        stream.begin_frame()
        return stream.at_end()

    def expect(self, stream, text):
        for expected in text:
            if stream.next() != expected:
                raise stream.wrong("frame.syntax")

    def read_frame(self, stream):
        self.expect(stream, self.start)
        payload = b""
        while (byte := stream.next()) != self.mark[0]:
            payload += bytes([byte])
            if payload.endswith(self.start):
                if len(payload) - 1 > self.bound and not self.skips:
                    raise stream.too_large()
                raise stream.wrong("frame.syntax")
            if len(payload) > self.bound and not self.skips:
                raise stream.too_large()
        self.expect(stream, self.mark[1:])
        stream.take(self.trailer_bytes)
        return self.said_of(payload)

    def frame(self, payload):
        self.check_sent(len(payload))
        if self.mark[:1] in payload or self.start != self.mark and self.start in payload:
            raise Refused("frame.delimiter")
        return self.start + payload + self.mark + bytes(self.trailer_bytes)


class Line(Framing):

    def __init__(self, spec):
        super().__init__(spec)
        self.eol = spec.options.get("eol", "any")

    def read_frame(self, stream):
        text = b""
        while not text.endswith(b"\n"):
            text += bytes([stream.next()])
            surely_payload = text.removesuffix(b"\n")
            if self.eol != "lf":
                surely_payload = surely_payload.removesuffix(b"\r")
            if len(surely_payload) > self.bound and not self.skips:
                raise stream.too_large()
        return self.said_of(surely_payload)

    def frame(self, payload):
        self.check_sent(len(payload))
        if b"\n" in payload or self.eol == "any" and payload.endswith(b"\r"):
            raise Refused("frame.delimiter")
        return payload + (b"\r\n" if self.eol == "crlf" else b"\n")
