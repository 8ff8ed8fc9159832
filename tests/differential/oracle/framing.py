"""What all framings have in common, and those with a length in front of the payload."""
from oracle.spec import size
from oracle.stream import Refused

RECEIVED_WHOLE_MAX = 16 * 2**20
LENGTH_MAX = 2**64 - 2


class Framing:

    def __init__(self, spec):
        largest = size(spec.options["max"]) if "max" in spec.options else None
        self.sent_max = LENGTH_MAX if largest is None else largest
        self.bound = min(self.sent_max, RECEIVED_WHOLE_MAX)
        self.skips = spec.options.get("oversize") == "skip"

    def at_end(self, stream):
        """True if no frame begins here any more; passes over what may stand before one."""
        return stream.at_end()

    def read_frame(self, stream):
        """Moves behind the next frame; `frame PAYLOAD` or `skipped LENGTH`."""
        raise NotImplementedError

    def frame(self, payload):
        """The payload's frame, or Refused."""
        raise NotImplementedError

    def nth(self, number):
        """The framing of the frame after so many others."""
        return self

    def said_of(self, payload):
        if len(payload) > self.bound:
            return f"skipped {len(payload)}"
        return f"frame {payload.hex() or '-'}"

    def check_sent(self, length):
        if length > self.sent_max:
            raise Refused("frame.too_large")


class Prefixed(Framing):
    """Header, payload, trailer."""

    def read_frame(self, stream):
        length = self.read_header(stream)
        payload = self.read_payload(stream, length)
        self.read_trailer(stream)
        # Where characters are counted, the bytes must be within the bound too.
        over = max(length, len(payload)) > self.bound
        return f"skipped {length}" if over else self.said_of(payload)

    def frame(self, payload):
        self.check_sent(len(payload))
        length = self.length_of(payload)
        return self.header(length) + payload + self.trailer()

    def length_max(self):
        """Of a length in a header."""
        return LENGTH_MAX if self.skips else self.bound

    def read_header(self, stream):
        """The payload's length."""
        raise NotImplementedError

    def header(self, length):
        raise NotImplementedError

    def read_payload(self, stream, length):
        return stream.take(length)

    def read_trailer(self, stream):
        pass

    def trailer(self):
        return b""

    def length_of(self, payload):
        return len(payload)
