"""Redis's protocol (RESP)."""
from oracle.values import Value


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
            cursor.expect(b"1", "frame.length_syntax")
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
