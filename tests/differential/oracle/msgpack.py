"""MessagePack."""
from oracle.values import Value


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
