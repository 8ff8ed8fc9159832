"""Payloads whose own bytes cannot be taken for their end: they are written as others."""
from oracle.framing import Framing
from oracle.stream import Refused


class Stuffed(Framing):
    """`slip` and `kiss` (RFC 1055)."""
    FLAG, ESCAPE = 0xC0, 0xDB
    WRITTEN = {0xC0: 0xDC, 0xDB: 0xDD}

    def at_end(self, stream):
        """Passes over what may stand between frames; true if the stream ends there."""
        while not stream.at_end() and stream.data[stream.at] == self.FLAG:
            stream.frame = stream.at
            stream.at += 1
        return stream.at_end()

    def read_frame(self, stream):
        meaning = {written: byte for byte, written in self.WRITTEN.items()}
        payload = b""
        while (byte := stream.next()) != self.FLAG:
            if byte == self.ESCAPE:
                byte = meaning.get(stream.next())
                if byte is None:
                    raise stream.wrong("frame.syntax")
            payload += bytes([byte])
            if len(payload) > self.bound and not self.skips:
                raise stream.too_large()
        return self.said_of(payload)

    def frame(self, payload):
        self.check_sent(len(payload))
        if not payload:
            raise Refused("frame.wrong_size")
        stuffed = b"".join(bytes([self.ESCAPE, self.WRITTEN[byte]])
                           if byte in self.WRITTEN else bytes([byte]) for byte in payload)
        return bytes([self.FLAG]) + stuffed + bytes([self.FLAG])
