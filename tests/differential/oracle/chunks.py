"""Payloads in chunks, each after its size."""
import types

from oracle.fields import Header, is_text
from oracle.framing import Framing
from oracle.stream import Refused, Wrong

DROPPED_BYTES_MAX = 4096


def chunks(spec):
    return {"chunks": Sized, "chunked": Http, "netconf11": Netconf}[spec.name](spec)


class Chunks(Framing):

    def read_frame(self, stream):
        payload = b""
        while size := self.read_size(stream, payload):
            for _ in range(size):
                payload += bytes([stream.next()])
                if len(payload) > self.bound and not self.skips:
                    raise stream.too_large()
            self.read_end(stream)
        return self.said_of(payload)

    def read_size(self, stream, payload):
        """0 if the payload has ended."""
        raise NotImplementedError

    def read_end(self, stream):
        """Of a chunk."""


class Sized(Chunks):

    def __init__(self, spec):
        super().__init__(spec)
        self.width = int(spec.argument.strip("uble")) // 8
        self.order = "little" if spec.argument.endswith("le") else "big"

    def read_size(self, stream, payload):
        return int.from_bytes(bytes(stream.next() for _ in range(self.width)), self.order)

    def frame(self, payload):
        self.check_sent(len(payload))
        most = 256**self.width - 1
        parts = [payload[at:at + most] for at in range(0, len(payload), most)] + [b""]
        return b"".join(len(part).to_bytes(self.width, self.order) + part for part in parts)


class Http(Chunks):

    def read_frame(self, stream):
        self.dropped = 0
        return super().read_frame(stream)

    def read_size(self, stream, payload):
        digits = ""
        while chr(byte := stream.next()) in "0123456789abcdefABCDEF":
            if len(digits) == 16:
                raise stream.wrong("frame.syntax")
            digits += chr(byte)
        if not digits or byte not in b"\r;":
            raise stream.wrong("frame.syntax")
        if byte == ord(";"):
            while (byte := stream.next()) != 0x0D:
                self.drop(stream, is_text(byte))
        self.expect(stream, b"\n")
        if int(digits, 16) == 0:
            self.read_trailer(stream)
        return int(digits, 16)

    def read_end(self, stream):
        self.expect(stream, b"\r\n")

    def read_trailer(self, stream):
        """Fields, as in a header; none may be a length."""
        fields = Header({"blanks": "any", "missing": "0"})
        fields.first_bytes = fields.name_bytes

        def take():
            byte = stream.next()
            if byte not in b"\r\n":
                self.drop(stream, True)
            return byte

        read_field = fields.read_field

        def read_other_field(lines, name, length_max):
            if name == b"content-length":
                lines.next()
                raise lines.wrong("frame.syntax")
            read_field(lines, name, length_max)

        fields.read_field = read_other_field
        lines = types.SimpleNamespace(next=take, wrong=stream.wrong, too_large=stream.too_large)
        try:
            fields.read(lines, 0)
        except Wrong as wrong:
            raise Wrong(wrong.name.replace("frame.length_syntax", "frame.syntax"),
                        wrong.offset) from wrong

    def drop(self, stream, is_right):
        if not is_right or self.dropped == DROPPED_BYTES_MAX:
            raise stream.wrong("frame.syntax")
        self.dropped += 1

    def expect(self, stream, expected):
        for byte in expected:
            if stream.next() != byte:
                raise stream.wrong("frame.syntax")

    def frame(self, payload):
        self.check_sent(len(payload))
        chunk = b"%x\r\n%s\r\n" % (len(payload), payload) if payload else b""
        return chunk + b"0\r\n\r\n"


class Netconf(Chunks):

    def read_size(self, stream, payload):
        for expected in b"\n#":
            if stream.next() != expected:
                raise stream.wrong("frame.syntax")
        byte = stream.next()
        if byte == ord("#") and payload:
            if stream.next() != ord("\n"):
                raise stream.wrong("frame.syntax")
            return 0
        digits = ""
        while digits == "" or byte != ord("\n"):
            if chr(byte) not in ("0123456789" if digits else "123456789"):
                raise stream.wrong("frame.syntax")
            digits += chr(byte)
            if int(digits) > 4294967295:
                raise stream.wrong("frame.syntax")
            byte = stream.next()
        return int(digits)

    def frame(self, payload):
        self.check_sent(len(payload))
        if not payload:
            raise Refused("frame.wrong_size")
        return b"\n#%d\n%s\n##\n" % (len(payload), payload)
