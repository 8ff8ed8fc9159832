"""The Basic Encoding Rules (X.690)."""
from oracle.values import Value


class Ber(Value):

    def read(self, cursor, depth=0):
        first = cursor.next()
        if first == 0:
            if not depth:
                raise cursor.stream.wrong("frame.syntax")
            cursor.expect(b"\0", "frame.length_syntax")
            return False
        if first % 32 == 31:
            tag = [cursor.expect(bytes(set(range(256)) - {0x80}))]
            while tag[-1] >= 0x80:
                tag.append(cursor.expect(range(128 if len(tag) == 3 else 256)))
        length = cursor.next()
        if length == 0x80:
            if first & 0x20 == 0 or depth == 128:
                raise cursor.stream.wrong("frame.length_syntax")
            while self.read(cursor, depth + 1):
                pass
            return True
        if length > 0x88:
            raise cursor.stream.wrong("frame.length_syntax")
        if length > 0x80:
            size = length - 0x80
            length = 0
            for _ in range(size):
                length = length * 256 + cursor.next()
        cursor.require_room(length)
        if length > 2**62:
            raise cursor.stream.too_large()
        cursor.take(min(length, 10**6))
        return True

    def made_up(self, rng, depth=0):
        constructed = rng.randrange(3) == 0 and depth < 4
        tag = rng.choice((b"\x02", b"\x04", b"\x41", b"\x9f\x81\x23", b"\x1f\x1f"))
        if not constructed:
            data = rng.randbytes(rng.choice((0, 1, 5, 127, 128, 200)))
        else:
            tag = bytes([tag[0] | 0x20]) + tag[1:]
            data = b"".join(self.made_up(rng, depth + 1) for _ in range(rng.randrange(4)))
            if rng.randrange(2):
                return tag + b"\x80" + data + b"\0\0"
        short = bytes([len(data)]) if len(data) < 128 else b""
        width = rng.randrange(2, 9)
        return tag + (short or bytes([0x80 + width]) + len(data).to_bytes(width, "big")) + data
