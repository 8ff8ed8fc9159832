"""What a line of a transcript may look like: the six kinds of docs/transcripts.md, and no other."""
import re

BYTES = r'(?:[0-9a-f]{2}|"(?:[^"\\\x00-\x1f\x7f]|\\[nrt"\\]|\\x[0-9a-f]{2})*")'
KINDS = {
    "comment": re.compile(r"#.*"),
    "framing": re.compile(r"framing \S.*"),
    "clock": re.compile(r"@ \d+(?:ms|s|min|h)"),
    "bytes": re.compile(rf"[<>] {BYTES}(?: {BYTES})*"),
    "end": re.compile(r"< (?:eof|reset)"),
    "event": re.compile(rf"= (?:frame {BYTES} at \d+|skipped \d+ at \d+|finished"
                        r"|failed [a-z_.0-9]+ at \d+: .+)"),
}
WORDS = {"\\n": "\n", "\\r": "\r", "\\t": "\t", '\\"': '"', "\\\\": "\\"}


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
