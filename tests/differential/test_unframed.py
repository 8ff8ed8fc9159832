"""`fixed`, and `raw`, whose payloads are what one read returns."""
import unittest

import oracle
import streams
from comparison import GOOD, Comparison, assert_answers, randomness
from specs import specs_of

TOKENS = [b"0", b" ", b"\r\n", b"\0", b"\xff", b"GET / HTTP/1.1", 4 * b"a", 16 * b"b", 300 * b"c"]


class Fixed(Comparison, unittest.TestCase):
    specs = specs_of("fixed", "fixed:1")
    refused = ("fixed", "fixed:", "fixed:0", "fixed:-1", "fixed:4,pad=zero")
    sample = b"Hi"
    tokens = TOKENS
    few = (b"0", b" ", b"\0", b"\xff")


class Raw(unittest.TestCase):
    """Here the cuts count: each part of a stream is as many payloads as the bound makes of it."""
    specs = specs_of("raw", "raw")

    def test_specs(self):
        refused = ("raw:1", "raw,pad=zero")
        assert_answers(self, [f"parse {spec}" for spec in (*self.specs, *refused)],
                       [f"ok {spec}" for spec in self.specs] + 2 * ["refused"])

    def test_reads(self):
        requests, answers = [], []
        for spec in self.specs:
            rng = randomness("reads", spec)
            for _ in range(GOOD):
                stream = b"".join(rng.choices(TOKENS, k=rng.randrange(8)))
                cuts = streams.cuts(rng, len(stream))
                requests.append(f"decode {spec} {cuts} {oracle.hexadecimal(stream)}")
                answers.append(said_of_reads(oracle.framing(spec), stream, cuts))
        assert_answers(self, requests, answers)

    def test_encoding(self):
        payloads = [b"", b"a", *TOKENS]
        requests = [f"encode {spec} {oracle.hexadecimal(payload)}"
                    for spec in self.specs for payload in payloads]
        assert_answers(self, requests, [oracle.encode(oracle.framing(spec), payload)
                                        for spec in self.specs for payload in payloads])


def said_of_reads(frames, stream, cuts):
    by_bytes = said_of_parts(frames, stream, list(range(1, len(stream))))
    counted = "; ".join(f"{event} after {at}" for at, event in enumerate(by_bytes, 1))
    answer = counted.replace(f"after {len(stream) + 1}", f"after {len(stream)}")
    for cut in cuts.split("/"):
        events = said_of_parts(frames, stream, [] if cut == "whole" else map(int, cut.split(",")))
        if events != by_bytes:
            answer += f" | {cut}: {'; '.join(events)}"
    return answer


def said_of_parts(frames, stream, borders):
    events, begin = [], 0
    for border in (*borders, len(stream)):
        part = stream[begin:border]
        for at in range(0, len(part), frames.bound):
            payload = part[at:at + frames.bound]
            events.append(f"frame {payload.hex()} at {begin + at}")
        begin = border
    return events + ["finished"]


if __name__ == "__main__":
    unittest.main()
