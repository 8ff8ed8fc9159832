"""`content-length`, whose fields are dropped or kept."""
import unittest

from comparison import Comparison, boundless
from specs import specs_of

BYTES = [b"0", b"1", b"5", b" ", b"+", b"-", b",", b":", b"\t", b"\r", b"\n", b"\0", b"\x7f",
         b"\x80", b"\xc3", b"\xff", b"e", b"x", b"Z", b"$"]
NUMBERS = [b"00", b"10", b"16777216", b"16777217", b"9999999999", b"10000000000",
           b"18446744073709551615", b"18446744073709551616"]
FIELDS = [b"Content-Length: 3\r\n\r\n", b"content-length: 10\r\n", b"CONTENT-LENGTH: ", b"\r\n",
          b"\r\n\r\n", b"Content-Length:", b"Content-Length : 1", b"Content-Type: a; b=c\r\n",
          b"x: \r\n", b"x:\r\n", b"x: \xff\t~\r\n", b": ", b"!#$%&'*+.^_`|~-", b'"', b"/",
          b"Transfer-Encoding: chunked\r\n", b"transfer-encoding", b"l: 2\r\n", b"l:2\n",
          b"L : 3", b"x \t: y\r\n", b" z\r\n", b"\n\n", b"content-length:1\n\n"]


def header_of(size, value=b"1"):
    """A header of so many bytes, which another field fills up."""
    length = b"Content-Length: " + value + b"\r\n"
    return length + b"x: " + (size - len(length) - 7) * b"y" + b"\r\n\r\n"


class ContentLength(Comparison, unittest.TestCase):
    specs = specs_of("content_length", "content-length")
    refused = ("content-length:4", "content-length,magic=a", "content-length,eol=cr",
               "content-length,field=", "content-length,field=a||b",
               "content-length,field=a/b",
               "content-length,field=a|b|c|d|e", "content-length,field=Transfer-Encoding",
               "content-length,field=" + 41 * "a", "content-length,blanks=2",
               "content-length,missing=1", "content-length,start=line",
               "content-length,missing=end", "content-length,fields=all",
               "content-length,skip=a", "content-length,end=a")
    sample = b"x: y\r\nContent-Length: 10\r\n\r\n0123456789"
    tokens = BYTES + NUMBERS + FIELDS
    few = (b"Content-Length: ", b"x: ", b"1", b"\r\n", b"\r\n\r\n", b"\r")
    streams = (
        *(header_of(size) + b"a" for size in (4095, 4096, 4097, 4098, 5000)),
        *(header_of(4096)[:size] for size in (4094, 4095)),
        *(header_of(4090)[:-2] + line + b"\r\na" for line in (
            b"y: z\r\n", b"y: zz\r\n", b"Content-Length: 1\r\n", b"y", b"yyyyyyyy", b"/")),
        *(header_of(4096, value) + b"a" for value in (b"0", b"12", b"16777217", b"9999999999")),
        2 * (header_of(4096) + b"a"),
    )

    def vary(self, rng, frames, frame):
        """Other fields stand around the length, whose name is written in any way."""
        end = frame[frame.index(b"\n") - 1:][:2].lstrip(b"0123456789")
        fields = (b"", b"Content-Type: application/json" + end, b"x: " + end,
                  b"Content-Length2: 5" + end)
        length, end, payload = frame.partition(end)
        name, colon, digits = length.partition(b":")
        length = rng.choice((name, name.upper(), name.lower())) + colon + digits
        return rng.choice(fields) + length + end + rng.choice(fields) + payload


class KeptMessage(Comparison, unittest.TestCase):
    specs = specs_of("kept_message", "content-length,fields=keep")
    refused = ("content-length,fields=keep,start=lines", "content-length,fields=keep,missing=end",
               "content-length,fields=keep,missing=end,end=ab", "content-length,fields=keep,skip=",
               "content-length,fields=keep,skip=abcde", "content-length,fields=keep,end=123456789",
               "content-length,fields=keep,interleaved=ab")
    sample = b"x: y\r\nContent-Length: 10\r\n\r\n0123456789"
    tokens = BYTES + NUMBERS + FIELDS + [b"A b\r\n", b"$\0\0\2", b"$\1\1\0", b"A\n", b"HTTP/1.1 "]
    few = (b"Content-Length: ", b"x: ", b"1", b"\r\n", b"\r\n\r\n", b"\r")
    streams = (
        *(header_of(size) + b"a" for size in (65535, 65536, 65537, 66000)),
        2 * (header_of(65536) + b"a"),
        header_of(65536)[:65535],
        b"A" + 70000 * b"x",
    )

    def payloads(self, frames, rng):
        """Messages, and what is none."""
        yield from self.tokens
        for _ in range(120):
            yield self.message(frames, rng)

    def message(self, frames, rng):
        header = frames.fields
        end = {"lf": b"\n", "crlf": b"\r\n"}.get(header.eol) or rng.choice((b"\n", b"\r\n"))
        if frames.interleaved and rng.randrange(3) == 0:
            size = rng.randrange(20)
            return frames.interleaved + bytes([rng.randrange(256), 0, size]) + rng.randbytes(size)
        body = rng.randbytes(rng.choice((0, 1, 5, 12, 300)))
        if rng.randrange(4) == 0:
            body += rng.choice(self.tokens)
        lines = [b"A b c"] if header.start else []
        others = [b"x: y", b"Content-Type: text/plain", b"x-y:"]
        length = rng.choice(header.names) + b": %d" % (len(body) + (rng.randrange(8) == 0))
        lines += rng.sample(others[:2 + header.blanks], rng.randrange(3))
        if header.missing == "error" or rng.randrange(2):
            lines.insert(rng.randint(len(lines) and 1 if header.start else 0, len(lines)), length)
        return b"".join(line + end for line in lines) + end + body

    def test_good_messages(self):
        def good(spec, rng):
            frames = boundless(spec)
            for _ in range(20):
                stream = b""
                for _ in range(rng.randrange(1, 5)):
                    stream += b"".join(bytes([rng.choice(frames.skipped)])
                                       for _ in range(rng.randrange(3)) if frames.skipped)
                    stream += self.message(frames, rng) + frames.end
                yield stream

        self.compare("messages", good)
        self.compare("cut messages", lambda spec, rng: (
            stream[:rng.randrange(len(stream) + 1)] for stream in good(spec, rng)))


if __name__ == "__main__":
    unittest.main()
