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


class Resp(Value):

    def read(self, cursor):
        values = 1
        while values:
            values -= 1
            kind = chr(cursor.expect(b"+-:$*_#,(!=%~>|"))
            if kind in "+-":
                while cursor.next() != 13:
                    if cursor.stream.data[cursor.stream.at - 1] == 10:
                        raise cursor.stream.wrong("frame.syntax")
                cursor.expect(b"\n")
            elif kind in ":(,":
                self.read_number(cursor, kind)
            elif kind in "_#":
                if kind == "#":
                    cursor.expect(b"tf")
                cursor.expect(b"\r")
                cursor.expect(b"\n")
            else:
                values += self.read_counted(cursor, kind, values)

    def read_number(self, cursor, kind):
        digits = b"0123456789" + (b"+-.eEinfa" if kind == "," else b"")
        byte = cursor.expect(digits + b"+-")
        if byte in b"+-":
            cursor.expect(digits)
        while cursor.expect(digits + b"\r") != 13:
            pass
        cursor.expect(b"\n")

    def read_counted(self, cursor, kind, values):
        """How many values follow."""
        if kind in "$*" and cursor.peek() == 45:
            cursor.next()
            cursor.expect(b"1")
            cursor.expect(b"\r")
            cursor.expect(b"\n")
            count = None
        else:
            count = cursor.decimal(b"\r")
            cursor.expect(b"\n")
        if kind in "$!=":
            if count is not None:
                cursor.take(count)
                cursor.expect(b"\r")
                cursor.expect(b"\n")
            return 0
        more = {"%": 2, "|": 2}.get(kind, 1) * (count or 0) + (kind == "|")
        cursor.require_room(values + more)
        return more

    def made_up(self, rng, depth=0):
        kind = rng.choice("+-:$_#,(!=" + "*%~>|" * (depth < 3))
        text = rng.choice((b"", b"OK", b"a b\xff", b"-1"))
        if kind in "+-":
            return kind.encode() + text + b"\r\n"
        if kind in ":(,":
            number = rng.choice((b"0", b"-7", b"+12345678901234567890"))
            return kind.encode() + (b"1.5e+7" if kind == "," else number) + b"\r\n"
        if kind in "_#":
            return kind.encode() + (rng.choice((b"t", b"f")) if kind == "#" else b"") + b"\r\n"
        if kind in "$*" and rng.randrange(5) == 0:
            return kind.encode() + b"-1\r\n"
        if kind in "$!=":
            data = rng.randbytes(rng.randrange(20)) + text
            return b"%c%d\r\n%s\r\n" % (ord(kind), len(data), data)
        count = rng.randrange(4)
        parts = count * (2 if kind in "%|" else 1) + (kind == "|")
        return b"%c%d\r\n" % (ord(kind), count) + b"".join(
            self.made_up(rng, depth + 1) for _ in range(parts))


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
            return rng.choice((b'""', b'"a b"', b'"\\u00e9\\n\\\\\\""', '"é€"'.encode(), b'"\xff"'))
        if kind == "l":
            return rng.choice(self.LITERALS)
        parts = [self.made_up(rng, depth + 1) for _ in range(rng.randrange(4))]
        if kind == "a":
            return b"[" + space + (space + b"," + space).join(parts) + space + b"]"
        return b"{" + space + b",".join(b'"k"' + space + b":" + part for part in parts) + b"}"


class Msgpack(Value):
    DATA = {0xc4: 1, 0xc5: 2, 0xc6: 4, 0xd9: 1, 0xda: 2, 0xdb: 4}
    EXT = {0xc7: 1, 0xc8: 2, 0xc9: 4}
    FIXED = {0xca: 4, 0xcb: 8, 0xcc: 1, 0xcd: 2, 0xce: 4, 0xcf: 8, 0xd0: 1, 0xd1: 2, 0xd2: 4,
             0xd3: 8, 0xd4: 2, 0xd5: 3, 0xd6: 5, 0xd7: 9, 0xd8: 17}
    ARRAY = {0xdc: 2, 0xdd: 4}
    MAP = {0xde: 2, 0xdf: 4}

    def read(self, cursor):
        values = 1
        while values:
            values -= 1
            first = cursor.next()
            if first == 0xC1:
                raise cursor.stream.wrong("frame.syntax")
            data = more = 0
            if 0x80 <= first < 0x90:
                more = 2 * (first - 0x80)
            elif 0x90 <= first < 0xA0:
                more = first - 0x90
            elif 0xA0 <= first < 0xC0:
                data = first - 0xA0
            elif first in self.FIXED:
                data = self.FIXED[first]
            elif first in self.DATA:
                data = self.number(cursor, self.DATA[first])
            elif first in self.EXT:
                data = self.number(cursor, self.EXT[first]) + 1
            elif first in self.ARRAY:
                more = self.number(cursor, self.ARRAY[first])
            elif first in self.MAP:
                more = 2 * self.number(cursor, self.MAP[first])
            else:
                continue
            values += more
            cursor.require_room(values + data)
            cursor.take(min(data, 10**6))

    def number(self, cursor, width):
        value = 0
        for _ in range(width):
            value = value * 256 + cursor.next()
        return value

    def made_up(self, rng, depth=0):
        if depth < 3 and rng.randrange(2):
            count, is_map = rng.randrange(4), rng.randrange(2)
            head = rng.choice((bytes([(0x80 if is_map else 0x90) + count]),
                               bytes([0xDE if is_map else 0xDC, 0, count]),
                               bytes([0xDF if is_map else 0xDD, 0, 0, 0, count])))
            parts = range(2 * count if is_map else count)
            return head + b"".join(self.made_up(rng, depth + 1) for _ in parts)
        kind = rng.choice((0x00, 0x7F, 0xE0, 0xC0, 0xC2, 0xC3, *self.DATA, *self.EXT, *self.FIXED,
                           0xA0, 0xA5, 0xBF))
        data = rng.randbytes(rng.choice((0, 1, 17)))
        if kind in self.DATA:
            return bytes([kind]) + len(data).to_bytes(self.DATA[kind], "big") + data
        if kind in self.EXT:
            return bytes([kind]) + len(data).to_bytes(self.EXT[kind], "big") + b"\x07" + data
        return bytes([kind]) + rng.randbytes(self.FIXED.get(kind, kind - 0xA0 if
                                                            0xA0 <= kind < 0xC0 else 0))
