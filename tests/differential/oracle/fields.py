"""Headers in lines, one of which has the length: dropped, or kept with the payload."""
from oracle.decimal_lengths import DIGITS, DIGITS_MAX, LETTERS, decimal
from oracle.framing import LENGTH_MAX, Framing, Prefixed
from oracle.spec import unescape
from oracle.stream import Refused, Stream, Wrong

NAME_BYTES = LETTERS + DIGITS + b"!#$%&'*+.^_`|~-"
CR, LF, TAB, BLANK = b"\r\n\t "
BLANKS = (BLANK, TAB)


def content_length(spec):
    return (Kept if spec.options.get("fields") == "keep" else Dropped)(spec)


class Header:
    """Reads one. A line is taken apart as it arrives, since the first wrong byte matters."""

    def __init__(self, options):
        self.names = options.get("field", "Content-Length").encode().split(b"|")
        self.known = [name.lower() for name in self.names]
        self.eol = options.get("eol", "crlf")
        self.blanks = options.get("blanks") == "any"
        self.start = "start" in options
        self.missing = options.get("missing", "error")
        self.name_bytes = NAME_BYTES
        self.first_bytes = NAME_BYTES if self.start else LETTERS

    def read(self, stream, length_max):
        """The length, or None."""
        self.length = None
        if self.start:
            self.read_start(stream)
        previous = None
        while True:
            byte = stream.next()
            if self.begins_end(byte):
                if self.length is None and self.missing == "error":
                    raise stream.wrong("frame.length_syntax")
                self.read_end(stream, byte)
                return self.length
            if self.blanks and byte in BLANKS and previous is not None:
                if previous in self.known:
                    raise stream.wrong("frame.length_syntax")
                self.read_text(stream, stream.next())
                continue
            if byte not in self.first_bytes:
                raise stream.wrong("frame.syntax")
            previous = self.read_name(stream, byte)
            self.read_field(stream, previous, length_max)

    def read_start(self, stream):
        byte = stream.next()
        if byte in BLANKS or not is_text(byte):
            raise stream.wrong("frame.syntax")
        self.read_text(stream, stream.next())

    def read_name(self, stream, byte):
        """Up to its colon."""
        name = b""
        while byte in NAME_BYTES:
            name += bytes([byte])
            byte = stream.next()
        name = name.lower()
        if self.blanks and byte in BLANKS:
            if name in self.known or name == b"transfer-encoding":
                raise stream.wrong("frame.length_syntax")
            while byte in BLANKS:
                byte = stream.next()
        if byte != ord(":"):
            raise stream.wrong("frame.syntax")
        if name == b"transfer-encoding" or name in self.known and self.length is not None:
            raise stream.wrong("frame.length_syntax")
        return name

    def read_field(self, stream, name, length_max):
        byte = stream.next()
        if byte == BLANK:
            byte = stream.next()
        elif not self.blanks:
            raise stream.wrong("frame.length_syntax" if name in self.known else "frame.syntax")
        if name in self.known:
            self.read_length(stream, byte, length_max)
        else:
            self.read_text(stream, byte)

    def read_length(self, stream, byte, length_max):
        while self.blanks and byte in BLANKS:
            byte = stream.next()
        digits = b""
        while byte in DIGITS:
            if digits == b"0" or len(digits) == DIGITS_MAX:
                raise stream.wrong("frame.length_syntax")
            digits += bytes([byte])
            if int(digits) > length_max:
                raise stream.too_large()
            byte = stream.next()
        while digits and self.blanks and byte in BLANKS:
            byte = stream.next()
        if not digits or not self.begins_end(byte):
            raise stream.wrong("frame.length_syntax")
        self.length = int(digits)
        self.read_end(stream, byte)

    def read_text(self, stream, byte):
        while not self.begins_end(byte):
            if not is_text(byte):
                raise stream.wrong("frame.syntax")
            byte = stream.next()
        self.read_end(stream, byte)

    def begins_end(self, byte):
        return byte == CR and self.eol != "lf" or byte == LF and self.eol != "crlf"

    def read_end(self, stream, byte):
        if byte == CR and stream.next() != LF:
            raise stream.wrong("frame.syntax")

    def write(self, length):
        end = b"\n" if self.eol == "lf" else b"\r\n"
        return self.names[0] + b": " + decimal(length) + 2 * end


def is_text(byte):
    return byte == TAB or 0x20 <= byte <= 0x7E or byte >= 0x80


class Dropped(Prefixed):

    def __init__(self, spec):
        super().__init__(spec)
        self.fields = Header(spec.options)

    def read_header(self, stream):
        stream.header_bytes_max = 4096
        return self.fields.read(stream, self.length_max()) or 0

    def header(self, length):
        return self.fields.write(length)


class Kept(Framing):

    def __init__(self, spec):
        super().__init__(spec)
        self.fields = Header(spec.options)
        self.skipped = spec.bytes("skip")
        self.end = spec.bytes("end")
        self.interleaved = spec.bytes("interleaved")

    def at_end(self, stream):
        while not stream.at_end() and stream.data[stream.at] in self.skipped:
            stream.at += 1
        stream.begin_frame()
        return stream.at_end()

    def read_frame(self, stream):
        begin = stream.at
        bytes_max = LENGTH_MAX if self.skips else self.bound
        stream.frame_bytes_max = bytes_max
        self.read_message(stream, bytes_max)
        payload = stream.data[begin:stream.at]
        stream.frame_bytes_max = stream.header_bytes_max = LENGTH_MAX
        for byte in self.end:
            if stream.next() != byte:
                raise stream.wrong("frame.syntax")
        return self.said_of(payload)

    def read_message(self, stream, bytes_max):
        begin = stream.at
        self.in_header = True
        self.length = self.read_header(stream, bytes_max)
        self.in_header = False
        stream.header_bytes_max = LENGTH_MAX
        if self.length is None and self.fields.missing == "end":
            while stream.at_end() or stream.data[stream.at] not in self.end:
                stream.next()
            return
        if stream.at - begin + (self.length or 0) > bytes_max:
            raise stream.too_large()
        stream.take(self.length or 0)

    def read_header(self, stream, length_max):
        if self.interleaved and stream.data.startswith(self.interleaved, stream.at):
            header = bytes(stream.next() for _ in range(4))
            length = int.from_bytes(header[2:], "big")
            if length > length_max:
                raise stream.too_large()
            return length
        stream.header_bytes_max = 65536
        return self.fields.read(stream, length_max)

    def frame(self, payload):
        self.check_sent(len(payload))
        if payload[:1] in [bytes([byte]) for byte in self.skipped]:
            raise Refused("frame.syntax")
        # A body that ends by itself ends where the payload does.
        stream = Stream(payload + (self.end if self.fields.missing == "end" else b""))
        try:
            self.read_message(stream, LENGTH_MAX)
        except Wrong as wrong:
            if self.in_header and (stream.at > len(payload) or wrong.name == "frame.truncated"):
                raise Refused("frame.syntax") from wrong
            raise Refused(wrong.name.replace("frame.truncated", "frame.wrong_size")) from wrong
        if stream.at != len(payload):
            ends_early = self.fields.missing == "end" and self.length is None
            raise Refused("frame.delimiter" if ends_early else "frame.wrong_size")
        return payload + self.end
