"""FIX and syslog: messages of which some bytes are no payload."""
from oracle.framing import Framing
from oracle.stream import Refused

SOH = 1


class Messages(Framing):
    """Their payload is put together from what `read` yields."""

    def read_frame(self, stream):
        payload = b""
        for part in self.read(stream, lambda: self.room(payload)):
            payload += part
            if not self.skips and len(payload) > self.bound:
                raise stream.too_large()
        return self.said_of(payload)

    def room(self, payload):
        return float("inf") if self.skips else self.bound - len(payload)

    def decimal(self, stream, end, room):
        value, digits = 0, 0
        while True:
            byte = stream.next()
            if byte == end and digits:
                return value
            if not 48 <= byte <= 57 or digits == 10 or (digits and not value):
                raise stream.wrong("frame.length_syntax")
            value = value * 10 + byte - 48
            digits += 1
            if value > room:
                raise stream.too_large()


class Fix(Messages):
    TAG = b"8=FIX"

    def read(self, stream, room):
        begin = stream.at
        for at in range(32):
            byte = stream.next()
            if not self.is_in_begin_string(byte, at):
                raise stream.wrong("frame.syntax")
            yield bytes([byte])
            if byte == SOH:
                break
        for expected in b"9=":
            if stream.next() != expected:
                raise stream.wrong("frame.syntax")
        length = self.decimal(stream, SOH, room())
        if length == 0:
            raise stream.wrong("frame.length_syntax")
        for at in range(length):
            byte = stream.next()
            if at == length - 1 and byte != SOH:
                raise stream.wrong("frame.syntax")
            yield bytes([byte])
        for expected in b"10=%03d\1" % (sum(stream.data[begin:stream.at]) % 256):
            if stream.next() != expected:
                raise stream.wrong("frame.syntax")

    def is_in_begin_string(self, byte, at):
        if at < len(self.TAG):
            return byte == self.TAG[at]
        letter = chr(byte).isascii() and (chr(byte).isalnum() or byte == 46)
        return byte == SOH or (at < 31 and letter)

    def frame(self, payload):
        self.check_sent(len(payload))
        for at, byte in enumerate(payload):
            if not self.is_in_begin_string(byte, at):
                raise Refused("frame.syntax")
            if byte == SOH:
                break
        else:
            raise Refused("frame.syntax")
        start, body = payload[:at + 1], payload[at + 1:]
        if not body:
            raise Refused("frame.wrong_size")
        if body[-1] != SOH:
            raise Refused("frame.syntax")
        framed = start + b"9=%d\1" % len(body) + body
        return framed + b"10=%03d\1" % (sum(framed) % 256)

    def made_up(self, rng):
        fields = [b"%d=" % rng.randrange(10, 999) + rng.randbytes(rng.randrange(9)) + b"\1"
                  for _ in range(rng.randrange(1, 5))]
        return rng.choice((b"8=FIX.4.2\1", b"8=FIXT.1.1\1", b"8=FIX\1")) + b"".join(fields)


class SyslogAny(Messages):

    def at_end(self, stream):
        while not stream.at_end() and stream.data[stream.at] in b"\r\n\0":
            stream.at += 1
        stream.begin_frame()
        return stream.at_end()

    def read(self, stream, room):
        first = stream.next()
        if first < 32 or first == 127:
            raise stream.wrong("frame.syntax")
        stream.at -= 1
        if 48 <= first <= 57:
            length = self.decimal(stream, 32, room())
            for _ in range(length):
                yield bytes([stream.next()])
            return
        held = b""
        while (byte := stream.next()) != 10:
            if held:
                yield held
            held = b"\r" if byte == 13 else b""
            if not held:
                yield bytes([byte])

    def frame(self, payload):
        self.check_sent(len(payload))
        return b"%d " % len(payload) + payload
