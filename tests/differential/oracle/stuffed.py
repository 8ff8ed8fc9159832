"""Payloads whose own bytes cannot be taken for their end: they are written as others."""
from oracle.framing import Framing
from oracle.stream import Refused


class Stuffed(Framing):
    """A flag before and after a frame; what is written inside for the flag and the escape."""
    SCHEMES = {  # flag, escape, what is written after it
        "slip": (0xC0, 0xDB, {0xC0: 0xDC, 0xDB: 0xDD}),
        "kiss": (0xC0, 0xDB, {0xC0: 0xDC, 0xDB: 0xDD}),
        "hdlc": (0x7E, 0x7D, {0x7E: 0x5E, 0x7D: 0x5D}),
        "jt808": (0x7E, 0x7D, {0x7E: 2, 0x7D: 1}),
    }

    def __init__(self, spec):
        super().__init__(spec)
        self.flag, self.escape, self.written = self.SCHEMES[spec.name]
        self.meaning = {written: byte for byte, written in self.written.items()}
        if spec.name == "hdlc":
            self.meaning = {byte: byte ^ 0x20 for byte in range(256) if byte != self.flag}

    def at_end(self, stream):
        while not stream.at_end() and stream.data[stream.at] == self.flag:
            stream.frame = stream.at
            stream.at += 1
        return stream.at_end()

    def read_frame(self, stream):
        payload = b""
        while (byte := stream.next()) != self.flag:
            if byte == self.escape:
                byte = self.meaning.get(stream.next())
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
        stuffed = b"".join(bytes([self.escape, self.written[byte]])
                           if byte in self.written else bytes([byte]) for byte in payload)
        return bytes([self.flag]) + stuffed + bytes([self.flag])


class Tn3270(Framing):
    """Records that end with IAC EOR; IAC is doubled inside."""

    def read_frame(self, stream):
        payload = b""
        while True:
            byte = stream.next()
            if byte == 0xFF:
                byte = stream.next()
                if byte == 0xEF:
                    return self.said_of(payload)
                if byte != 0xFF:
                    raise stream.wrong("frame.syntax")
            payload += bytes([byte])
            if len(payload) > self.bound and not self.skips:
                raise stream.too_large()

    def frame(self, payload):
        self.check_sent(len(payload))
        return payload.replace(b"\xff", b"\xff\xff") + b"\xff\xef"


class Cobs(Framing):
    """Blocks without a zero, and their sizes plus one before them."""

    def at_end(self, stream):
        while not stream.at_end() and stream.data[stream.at] == 0:
            stream.at += 1
        stream.begin_frame()
        return stream.at_end()

    def read_frame(self, stream):
        payload, zero = b"", b""
        while (code := stream.next()) != 0:
            payload += zero
            self.check(stream, payload)
            for _ in range(code - 1):
                byte = stream.next()
                if byte == 0:
                    raise stream.wrong("frame.syntax")
                payload += bytes([byte])
                self.check(stream, payload)
            zero = b"" if code == 255 else b"\0"
        return self.said_of(payload)

    def check(self, stream, payload):
        if len(payload) > self.bound and not self.skips:
            raise stream.too_large()

    def frame(self, payload):
        self.check_sent(len(payload))
        written = b""
        blocks = payload.split(b"\0")
        for index, block in enumerate(blocks):
            while len(block) > 254 or len(block) == 254 and index + 1 < len(blocks):
                written += b"\xff" + block[:254]
                block = block[254:]
            written += bytes([len(block) + 1]) + block
        return written + b"\0"


class Dot(Framing):
    """Lines up to a dot alone."""

    def __init__(self, spec):
        super().__init__(spec)
        self.eol = b"\n" if spec.options.get("eol") == "lf" else b"\r\n"

    def read_frame(self, stream):
        payload, line = b"", b""

        def add(byte):
            nonlocal payload
            payload += bytes([byte])
            if len(payload) > self.bound and not self.skips:
                raise stream.too_large()

        while True:
            byte = stream.next()
            if self.eol == b"\r\n" and (line.endswith(b"\r")) != (byte == 0x0A):
                raise stream.wrong("frame.syntax")
            if line in (b".", b".\r") and byte == self.eol[-1]:
                return self.said_of(payload)
            if line == b"." and byte not in (ord("."), self.eol[0]):
                raise stream.wrong("frame.syntax")
            line += bytes([byte])
            if line in (b".", b".\r") and (line == b"." or self.eol == b"\r\n"):
                continue
            add(byte)
            if byte == 0x0A:
                line = b""

    def frame(self, payload):
        self.check_sent(len(payload))
        written = b""
        *lines, rest = payload.split(self.eol)
        if self.eol == b"\r\n":
            for line in lines:
                if b"\r" in line or b"\n" in line:
                    raise Refused("frame.delimiter")
            if b"\n" in rest or b"\r" in rest[:-1]:
                raise Refused("frame.delimiter")
        if rest:
            raise Refused("frame.wrong_size")
        for line in lines:
            written += (b"." if line.startswith(b".") else b"") + line + self.eol
        return written + b"." + self.eol


class UntilEnd(Framing):
    """One payload."""

    def read_frame(self, stream):
        payload = stream.data[stream.at:]
        if len(payload) > self.bound and not self.skips:
            stream.at += self.bound + 1
            raise stream.too_large()
        stream.at = len(stream.data)
        return self.said_of(payload)

    def frame(self, payload):
        self.check_sent(len(payload))
        if not payload:
            raise Refused("frame.wrong_size")
        return payload
