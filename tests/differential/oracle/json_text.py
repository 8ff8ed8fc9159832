"""JSON (RFC 8259)."""
from oracle.stream import Wrong
from oracle.values import SPACES, Value


class Json(Value):
    LITERALS = (b"true", b"false", b"null")

    def at_end(self, stream):
        while not stream.at_end() and stream.data[stream.at] in SPACES:
            stream.at += 1
        stream.begin_frame()
        return stream.at_end()

    def read(self, cursor):
        self.is_number = self.read_value(cursor, 0, b"")

    def read_value(self, cursor, depth, or_end):
        """Whether it is a number, which something else must end."""
        first = cursor.expect(b'{["tfn-0123456789' + or_end)
        if first in or_end:
            return None
        if first in b"{[":
            if depth == 128:
                raise cursor.stream.wrong("frame.syntax")
            self.read_container(cursor, depth + 1, first)
        elif first == 34:
            self.read_string(cursor)
        elif first in b"tfn":
            for byte in next(word for word in self.LITERALS if word[0] == first)[1:]:
                cursor.expect(bytes([byte]))
        else:
            self.read_number(cursor, first)
            return True
        return False

    def next_of(self, cursor, allowed):
        while cursor.peek() in SPACES:
            cursor.next()
        return cursor.expect(allowed)

    def read_container(self, cursor, depth, first):
        end = b"}" if first == 123 else b"]"
        empty_end = end
        while True:
            if first == 123:
                if self.next_of(cursor, b'"' + empty_end) in end:
                    return
                self.read_string(cursor)
                self.next_of(cursor, b":")
            while cursor.peek() in SPACES:
                cursor.next()
            if self.read_value(cursor, depth, empty_end if first == 91 else b"") is None:
                return
            if self.next_of(cursor, b"," + end) in end:
                return
            empty_end = b""

    def read_string(self, cursor):
        while True:
            byte = cursor.expect(range(32, 256))
            if byte == 34:
                return
            if byte == 92 and cursor.expect(b'"\\/bfnrtu') == 117:
                for _ in range(4):
                    cursor.expect(b"0123456789abcdefABCDEF")

    def read_number(self, cursor, first):
        """Up to the byte that is no part of it."""
        digits = b"0123456789"
        if first == 45:
            first = cursor.expect(digits)
        try:
            while first != 48 and cursor.peek() in digits:
                cursor.next()
            if cursor.peek() == 46:
                cursor.next()
                cursor.expect(digits)
                while cursor.peek() in digits:
                    cursor.next()
            if cursor.peek() in b"eE":
                cursor.next()
                if cursor.expect(digits + b"+-") in b"+-":
                    cursor.expect(digits)
                while cursor.peek() in digits:
                    cursor.next()
        except Wrong as wrong:
            # Of a payload, the end is the number's.
            if wrong.name != "frame.truncated" or cursor.bound != self.PAYLOAD:
                raise
            if cursor.stream.data[cursor.stream.at - 1] not in digits:
                raise

    PAYLOAD = float("inf")

    def read_end(self, stream):
        if self.is_number and stream.next() not in SPACES:
            raise stream.wrong("frame.syntax")

    def frame(self, payload):
        framed = super().frame(payload)
        return framed + b"\n" * self.is_number

    def why_longer(self, rest):
        return "frame.syntax" if self.is_number and rest[0] not in SPACES else "frame.wrong_size"

    def made_up(self, rng, depth=0):
        kind = rng.choice("nsl" + "oa" * (depth < 4))
        space = rng.choice((b"", b"", b" ", b"\n\t")) if depth else b""
        if kind == "n":
            return rng.choice((b"0", b"-0", b"12", b"-3.25", b"1e9", b"0.5E-7", b"9e+1"))
        if kind == "s":
            return rng.choice((b'""', b'"a b"', b'"\\u00e9\\n\\\\\\""', '"é"'.encode(),
                               b'"\xff"'))
        if kind == "l":
            return rng.choice(self.LITERALS)
        parts = [self.made_up(rng, depth + 1) for _ in range(rng.randrange(4))]
        if kind == "a":
            return b"[" + space + (space + b"," + space).join(parts) + space + b"]"
        return b"{" + space + b",".join(b'"k"' + space + b":" + part for part in parts) + b"}"
