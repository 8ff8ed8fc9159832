"""Characters of UTF-8 (RFC 3629), and the first byte that cannot belong to one."""
from oracle.stream import Refused

# the first byte from and to, the second from and to, and how many follow the first
FORMS = (
    (0x00, 0x7F, None, None, 0),
    (0xC2, 0xDF, 0x80, 0xBF, 1),
    (0xE0, 0xE0, 0xA0, 0xBF, 2),
    (0xE1, 0xEC, 0x80, 0xBF, 2),
    (0xED, 0xED, 0x80, 0x9F, 2),
    (0xEE, 0xEF, 0x80, 0xBF, 2),
    (0xF0, 0xF0, 0x90, 0xBF, 3),
    (0xF1, 0xF3, 0x80, 0xBF, 3),
    (0xF4, 0xF4, 0x80, 0x8F, 3),
)


def read_characters(stream, count, bytes_max):
    """The bytes of the next `count` characters, which may be `bytes_max` at most."""
    begin = stream.at

    def next_byte(legal):
        byte = stream.next()
        if not legal(byte):
            raise stream.wrong("frame.utf8")
        if stream.at - begin > bytes_max:
            raise stream.too_large()
        return byte

    for _ in range(count):
        first = next_byte(form_of)
        _, _, low, high, following = form_of(first)
        for _ in range(following):
            next_byte(range(low, high + 1).__contains__)
            low, high = 0x80, 0xBF
    return stream.data[begin:stream.at]


def form_of(first):
    return next((form for form in FORMS if form[0] <= first <= form[1]), None)


def count_characters(payload):
    try:
        return len(payload.decode())
    except UnicodeDecodeError:
        raise Refused("frame.utf8") from None
