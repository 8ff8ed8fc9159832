"""What a line of a transcript may look like: the kinds of docs/transcripts.md, and no other."""
import os
import re

BYTES = r'(?:[0-9a-f]{2}|"(?:[^"\\\x00-\x1f\x7f]|\\[nrt"\\]|\\x[0-9a-f]{2})*")'
KINDS = {
    "comment": re.compile(r"#.*"),
    "framing": re.compile(r"framing \S.*"),
    "clock": re.compile(r"@ \d+(?:us|ms|s|min|h)"),
    "connection": re.compile(r"connection [1-9]\d*"),
    "bytes": re.compile(rf"[<>] {BYTES}(?: {BYTES})*"),
    "end": re.compile(r"< (?:eof|reset)"),
    "event": re.compile(rf"= (?:frame {BYTES} at \d+|skipped \d+ at \d+|finished"
                        r"|failed [a-z_.0-9]+ at \d+: .+)"),
}
WORDS = {"\\n": "\n", "\\r": "\r", "\\t": "\t", '\\"': '"', "\\\\": "\\"}

# Framings with a grammar of their own carry not any text.
CARRIED = {
    "dot": "Greetings,server\r\n",
    "resp": "$16\r\nGreetings,server\r\n",
    "ber": "\x04\x10Greetings,server",
    "json": '["Greetings","server"]',
    "msgpack": os.fsdecode(b"\xb0Greetings,server"),
    "fix": "8=FIX.4.4\x0135=0\x0158=Greetings,server\x01",
    "nats": "PUB greetings 6\r\nserver\r\n",
    "memcached": "set greetings 0 0 6\r\nserver\r\n",
    "beanstalkd": "put 0 0 60 16\r\nGreetings,server\r\n",
}


def message_for(spec):
    """One that this framing can carry."""
    return CARRIED.get(spec, "Greetings,server")


def frame_of(event):
    """The payload and the offset of `frame PAYLOAD at OFFSET`."""
    found = re.fullmatch(rf"frame ({BYTES}) at (\d+)", event)
    return os.fsdecode(_part(found[1])), int(found[2])


def kind_of(line):
    """None if it is none of them."""
    return next((kind for kind, form in KINDS.items() if form.fullmatch(line)), None)


def kinds_of(text):
    return [kind_of(line) for line in text.splitlines()]


def bytes_of(text, direction):
    """The bytes of all lines that begin with `direction`, put together."""
    data = b""
    for line in text.splitlines():
        if line.startswith(direction) and kind_of(line) == "bytes":
            data += b"".join(_part(part) for part in re.findall(BYTES, line[2:]))
    return data


def _part(part):
    if not part.startswith('"'):
        return bytes.fromhex(part)
    data = b""
    for escape, byte, plain in re.findall(r'(\\[nrt"\\])|\\x(..)|([^\\]+)', part[1:-1]):
        data += bytes.fromhex(byte) if byte else WORDS.get(escape, plain).encode()
    return data
