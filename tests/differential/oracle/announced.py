"""Lengths in front of the payload, however they are written, with the options that all take."""
from oracle.framing import LENGTH_MAX, Prefixed
from oracle.stream import Refused, Wrong


class Announced(Prefixed):
    """`magic`, `lead` or `offset`, a number, the payload, `end` or `trailer`; `adjust`, `mask`,
    `more` or `last` or `join`, and `idle` say what the number means.
    """
    number_max = LENGTH_MAX + 1

    def __init__(self, spec):
        super().__init__(spec)
        self.magic = spec.bytes("magic")
        self.lead = spec.number("lead")
        before = len(self.magic) + self.lead
        self.offset = spec.number("offset") if "offset" in spec.options else before
        self.adjust = spec.number("adjust")
        self.end = spec.bytes("end")
        self.trailer_bytes = spec.number("trailer")
        self.mask = spec.hexadecimal("mask")
        self.more, self.last = spec.hexadecimal("more"), spec.hexadecimal("last")
        self.join = "join" in spec.options
        first, _, last = spec.options.get("idle", "1-0").partition("-")
        self.idle = range(int(first), int(last or first) + 1)

    def read_number(self, stream, limit):
        """Raises too_large as soon as it is above the limit."""
        raise NotImplementedError

    def number(self, value):
        raise NotImplementedError

    def read_frame(self, stream):
        done, over = b"", False
        while True:
            length = self.read_header(stream, 0 if over else len(done), over)
            if length is None:
                return f"idle {self.field}"
            whole = self.begun + self.read_payload(stream, length - self.lead)
            self.read_trailer(stream)
            done += whole
            over = over or max(length, len(done)) > self.bound
            if not self.continues(self.field):
                return f"skipped {length if len(done) == len(whole) else len(done)}" \
                    if over else self.said_of(done)

    def read_header(self, stream, done=0, over=False):
        for expected in self.magic:
            if stream.next() != expected:
                raise stream.wrong("frame.syntax")
        self.begun = stream.take(self.offset - len(self.magic))[:self.lead]
        most = self.length_max() - done
        limit = LENGTH_MAX + 1
        if self.mask is None:
            limit = max([most - self.lead - self.adjust, 0, *self.idle[-1:]])
        field_at = stream.at
        self.field = self.read_number(stream, limit)
        if self.field in self.idle:
            return None
        length = self.masked(self.field) + self.adjust
        if length < 0:
            raise Wrong("frame.length_syntax", field_at)
        if length + self.lead > most:
            raise stream.too_large()
        return length + self.lead

    def masked(self, value):
        return value if self.mask is None else value & self.mask

    def continues(self, field):
        if self.join:
            return self.masked(field) == self.masked(self.number_max)
        if self.more is not None:
            return field & self.more != 0
        return self.last is not None and field & self.last == 0

    def read_trailer(self, stream):
        for expected in self.end:
            if stream.next() != expected:
                raise stream.wrong("frame.syntax")
        stream.take(self.trailer_bytes)

    def trailer(self):
        return self.end + bytes(self.trailer_bytes)

    def frame(self, payload):
        self.check_sent(len(payload))
        length = self.length_of(payload)
        if length < self.lead:
            raise Refused("frame.wrong_size")
        lead, rest = payload[:self.lead], payload[self.lead:]
        parts = []
        if self.join or self.more is not None or self.last is not None:
            most = self.masked(self.number_max) + self.adjust
            while len(rest) > most or self.join and len(rest) == most:
                parts.append(rest[:most])
                rest = rest[most:]
            length = len(rest)
        last = self.header(length, lead) + rest + self.trailer()
        more = self.more or 0
        return b"".join(self.before() + self.number(self.masked(self.number_max) | more) + part
                        for part in parts) + last

    def before(self):
        return self.magic + bytes(self.offset - len(self.magic) - self.lead)

    def header(self, length, lead=None):
        """Of a frame that is not continued; zeros as its lead if that is not known."""
        if length < self.lead:
            raise Refused("frame.wrong_size")
        field = length - self.lead - self.adjust
        if field < 0:
            raise Refused("frame.wrong_size")
        if field > self.masked(self.number_max):
            raise Refused("frame.too_large")
        if field in self.idle:
            raise Refused("frame.wrong_size")
        lead = bytes(self.lead) if lead is None else lead
        return self.before() + lead + self.number(field | (self.last or 0))
