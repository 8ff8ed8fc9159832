"""What tshark says of streams, and our decoder; ways to cut a stream into segments."""
import re
import sys
from pathlib import Path

from captures import PORT, WORDS, Capture
from command_line import CommandTest

sys.path.append(str(Path(__file__).resolve().parents[1] / "differential"))

import comparison  # noqa: E402


SEGMENT_BYTES_MAX = 60_000


def whole(stream):
    return cut(stream, *range(SEGMENT_BYTES_MAX, len(stream), SEGMENT_BYTES_MAX))


def bytewise(stream):
    return [stream[at:at + 1] for at in range(len(stream))]


def cut(stream, *places):
    borders = (0, *places, len(stream))
    return [stream[begin:end] for begin, end in zip(borders, borders[1:]) if begin < end]


def cut_at_random(stream, rng):
    places = rng.choices(range(len(stream)), k=rng.randrange(1, 6))
    ends = range(SEGMENT_BYTES_MAX, len(stream), SEGMENT_BYTES_MAX)
    return cut(stream, *sorted({*places, *ends}))


def disordered(stream, rng):
    """Each part with its place, but for the first in any order, and some of them again."""
    parts, at = [], 0
    for part in cut_at_random(stream, rng):
        parts.append((at, part))
        at += len(part)
    first, rest = parts[:1], parts[1:]
    rest += rng.choices(parts, k=2)
    rng.shuffle(rest)
    return first + rest


class Said:
    """Payloads, lengths of all frames as they are counted, how many were skipped, and what is
    wrong first: (name, offset).
    """

    def __init__(self):
        self.payloads, self.lengths, self.skipped, self.wrong = [], [], 0, None
        self.open = False  # the last frame is not put together

    def facts(self):
        return self.payloads, self.lengths, self.skipped, self.wrong


def said_by_decoder(answer, counts_characters=False):
    """From an answer of tests/differential. A stream that ends in a frame is no fault here."""
    said = Said()
    for event in answer.split("; "):
        what, *words = event.split()
        if what == "frame":
            payload = b"" if words[0] == "-" else bytes.fromhex(words[0])
            said.payloads.append(payload)
            said.lengths.append(len(payload.decode() if counts_characters else payload))
        elif what == "skipped":
            said.skipped += 1
            said.lengths.append(int(words[0]))
        elif what == "failed" and words[0] != "frame.truncated":
            said.wrong = (words[0], int(words[2]))
    return said


def is_stuffed(spec):
    """Payloads are written in other bytes, so that their sizes say nothing of offsets."""
    return bool(re.match("slip|kiss|hdlc|jt808|tn3270|cobs|dot|fix(?!ed)|chunk|netconf", spec)
                or re.search(r"\b(more|last|join|idle)=", spec))


def written_size(spec, payload):
    """How much of the stream is this payload, without what stands in a header."""
    lead = re.search(r"\blead=(\d+)", spec)
    return len(payload) - int(lead[1]) if lead else len(payload)


def said_by_tshark(segments, spec=""):
    """Up to the first error. Sizes of all that is shown give the offset of the stream."""
    said, offset = Said(), 0
    for fields in segments:
        def data(field):
            return [b"" if text == "<MISSING>" else bytes.fromhex(text) for text in fields[field]]
        payloads, skipped = data("payload"), data("skipped")
        frames = len(payloads) + len(skipped)
        said.payloads += payloads
        said.skipped += len(skipped)
        said.lengths += map(int, fields["length"][:frames])
        offset += sum(map(len, (*data("header")[:frames], *skipped, *data("trailer"))))
        offset += sum(written_size(spec, payload) for payload in payloads)
        for name in fields["error"]:
            told = re.fullmatch(rf"{re.escape(name)} at byte (\d+) of the frame",
                                next(words for words in fields[WORDS] if words.startswith(name)))
            said.wrong = (name, None if is_stuffed(spec) else offset + int(told[1]))
            return said
        said.open = any("does not reassemble" in words for words in fields[WORDS])
        if said.open:
            return said
    return said


class WiresharkTest(CommandTest):

    def script(self, spec, port=PORT, more=()):
        path = f"{self.folder()}/framewire.lua"
        Path(path).write_bytes(self.assert_done("trace", "--wireshark", spec, "--port", port,
                                                *more))
        return path

    def capture(self, **options):
        capture = Capture(f"{self.folder()}/capture.pcap", **options)
        self.addCleanup(capture.file.close)
        return capture

    def scripts(self, specs):
        """One script for the framings of all specs, each on a port of its own from PORT on."""
        parts = []
        for number, spec in enumerate(specs):
            text = self.assert_done("trace", "--wireshark", spec, "--port", PORT + number).decode()
            parts.append(re.sub(r'(Proto\(|Expert.new\()"framewire', rf"\g<0>{number}", text))
        path = f"{self.folder()}/all.lua"
        Path(path).write_text("".join(f"do\n{part}\nend\n" for part in parts))
        return path

    def compare(self, cases, *options):
        """Cases are specs, and variants of streams for them: pairs of a stream and its segments. In
        each conversation the client sends one and the server the next.
        """
        capture = self.capture()
        sides = []
        for index, (spec, variants) in enumerate(cases):
            variants += [(b"", [])] * (len(variants) % 2)
            told = list(dict.fromkeys(stream for stream, _ in variants))
            answers = dict(zip(told, comparison.ask([f"decode {spec} whole {stream.hex() or '-'}"
                                                     for stream in told])))
            for client, server in zip(variants[::2], variants[1::2]):
                number = capture.add(client[1], server[1], port=PORT + index)
                sides += (((number, is_client), spec, segments, answers[stream])
                          for is_client, (stream, segments) in ((True, client), (False, server)))
        ports = range(PORT, PORT + len(cases))
        read = capture.read(self.scripts([spec for spec, _ in cases]), *options, ports=ports)
        for side, spec, segments, answer in sides:
            expected = said_by_decoder(answer, "count=chars" in spec)
            if expected.wrong and is_stuffed(spec):
                expected.wrong = (expected.wrong[0], None)
            found = said_by_tshark(read[side], spec)
            if found.open and expected.wrong is None:
                continue  # longer than what Wireshark puts together
            self.assertEqual(expected.facts(), found.facts(), f"{spec} {segments}")
