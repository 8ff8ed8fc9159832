"""NATS, memcached, beanstalkd: lines of which some say how much data follows."""
from oracle.values import Value

LAST = -1


class Lines(Value):
    # of each verb: which word is the size, and how many words there are at least
    SIZES = {}
    OTHERS = None  # verbs without data; any word if None

    def verb(self, word):
        return word

    def read(self, cursor):
        words = [b""]
        while True:
            byte = cursor.next()
            known = self.SIZES.get(self.verb(words[0]), (0, 1)) if words[1:] else (0, 1)
            if byte in b" \t\r":
                if words == [b""] or (not words[1:] and not self.is_verb(words[0])):
                    raise cursor.stream.wrong("frame.syntax")
                if byte == 13:
                    break
                if words[-1]:
                    words.append(b"")
                continue
            if byte == 10:
                raise cursor.stream.wrong("frame.syntax")
            words[-1] += bytes([byte])
            if not words[1:] and not self.may_begin(words[0]):
                raise cursor.stream.wrong("frame.syntax")
            if len(words) == known[0]:
                self.check_size(cursor, words[-1])
        size_word, words_min = self.SIZES.get(self.verb(words[0]), (0, 1))
        words = [word for word in words if word]
        size = None
        if size_word:
            if len(words) < words_min:
                raise cursor.stream.wrong("frame.length_syntax")
            word = words[size_word - (size_word > 0)]
            if not word.isdigit() or len(word) > 10 or (word[0] == 48 and len(word) > 1):
                raise cursor.stream.wrong("frame.length_syntax")
            size = int(word)
            cursor.require_room(size)
        cursor.expect(b"\n")
        if size is not None:
            cursor.take(size)
            cursor.expect(b"\r")
            cursor.expect(b"\n")

    def check_size(self, cursor, word):
        """Of a size of which the last byte has just been read."""
        is_wrong = not word[-1:].isdigit() or len(word) > 10 or word.startswith(b"0")
        if is_wrong and word != b"0":
            raise cursor.stream.wrong("frame.length_syntax")
        cursor.require_room(int(word))

    def may_begin(self, word):
        if not 32 < word[-1] < 127:
            return False
        return self.OTHERS is None or any(
            verb.startswith(self.verb(word)) for verb in (*self.SIZES, *self.OTHERS))

    def is_verb(self, word):
        return self.OTHERS is None or self.verb(word) in (*self.SIZES, *self.OTHERS)

    def made_up(self, rng):
        verbs = (*self.SIZES, *(self.OTHERS or (b"get", b"END", b"STORED", b"deleteeeeeeeeeee")))
        verb = rng.choice(verbs)
        size_word, words_min = self.SIZES.get(verb, (0, 1))
        words = [verb] + [rng.choice((b"a.b", b"0", b"17", b"x\xff")) for _ in range(
            max(words_min - 1, rng.randrange(4)))]
        data = rng.randbytes(rng.choice((0, 1, 12))) + rng.choice((b"", b"\r\n"))
        if size_word:
            words[size_word - (size_word > 0)] = b"%d" % len(data)
        line = rng.choice((b" ", b"  ", b"\t")).join(words) + rng.choice((b"", b"", b" ")) + b"\r\n"
        return line + (data + b"\r\n" if size_word else b"")


class Nats(Lines):
    SIZES = {b"PUB": (LAST, 3), b"HPUB": (LAST, 4), b"MSG": (LAST, 4), b"HMSG": (LAST, 5)}
    OTHERS = (b"INFO", b"CONNECT", b"SUB", b"UNSUB", b"PING", b"PONG", b"+OK", b"-ERR")

    def verb(self, word):
        return word.upper()


class Memcached(Lines):
    SIZES = {b"set": (5, 5), b"add": (5, 5), b"replace": (5, 5), b"append": (5, 5),
             b"prepend": (5, 5), b"cas": (5, 6), b"ms": (3, 3), b"VALUE": (4, 4), b"VA": (2, 2)}


class Beanstalkd(Lines):
    SIZES = {b"put": (5, 5), b"RESERVED": (3, 3), b"FOUND": (3, 3), b"OK": (2, 2)}
