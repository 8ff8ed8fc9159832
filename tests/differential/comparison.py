"""The library and the oracle are given the same streams and payloads, and must say the same.

FRAMEWIRE_SEED chooses other random ones, FRAMEWIRE_ROUNDS so many times as many.
"""
import os
import random
import re
import subprocess

import oracle
import streams

SEED = os.environ.get("FRAMEWIRE_SEED", "1")
ROUNDS = int(os.environ.get("FRAMEWIRE_ROUNDS", "1"))
GOOD, SPOILED, HOSTILE, PAYLOADS = (ROUNDS * count for count in (30, 100, 150, 60))
LENGTHS = [2**bits + more for bits in (1, 8, 16, 24, 32, 63, 64) for more in (-2, -1, 0, 1)]
REPORTED = 4


def ask(requests):
    """One answer for each."""
    ran = subprocess.run([os.environ["FRAMEWIRE_EVENTS"]], capture_output=True, text=True,
                         input="".join(f"{line}\n" for line in requests), check=False)
    answers = ran.stdout.splitlines()
    if ran.returncode or len(answers) != len(requests):
        unanswered = requests[len(answers):][:1]
        raise AssertionError(f"status {ran.returncode} at {unanswered}\n{ran.stderr}")
    return answers


class Comparison:
    """What is tried with each framing. Requires: `specs`, `refused` (that cannot be parsed), a
    good stream of the first spec as `sample`, `tokens` (what may mean something to these
    framings), `few` of them, of which all streams up to `few_max` are tried, and `streams` of its
    own.
    """
    refused = streams = ()
    few_max = 4

    def test_specs(self):
        requests = [f"parse {spec}" for spec in (*self.specs, *self.refused)]
        answers = [f"ok {spec}" for spec in self.specs] + ["refused"] * len(self.refused)
        assert_answers(self, requests, answers)

    def test_good_streams(self):
        def good(spec, rng):
            frames = boundless(spec)
            for _ in range(GOOD):
                stream = b"".join(streams.good(rng, self.tokens, frames, self.vary))
                self.assertIn("finished", said(frames, stream))
                yield stream

        self.compare("good", good)

    def test_spoiled_streams(self):
        self.compare("spoiled", lambda spec, rng: (
            streams.spoiled(rng, self.tokens, boundless(spec), self.vary)
            for _ in range(SPOILED)))

    def test_hostile_streams(self):
        self.compare("hostile", lambda spec, rng: (
            streams.hostile(rng, self.tokens) for _ in range(HOSTILE)))

    def test_all_short_streams(self):
        """Longer ones of the first spec, and of all where there are many rounds."""
        self.compare("short", lambda spec, rng: streams.every(
            self.few, self.few_max + (spec == self.specs[0] or ROUNDS > 5)))

    def test_every_byte_at_every_place(self):
        self.assertIn("finished", said(oracle.framing(self.specs[0]), self.sample))
        self.compare("places", lambda spec, rng: streams.places(self.sample), self.specs[:1])

    def test_streams_of_its_own(self):
        self.compare("own", lambda spec, rng: (*self.streams, *announced(boundless(spec))))

    def test_encoding(self):
        """What is framed the same by both is also understood."""
        requests, answers = [], []
        for spec in self.specs:
            frames, rng = oracle.framing(spec), randomness("payloads", spec)
            for payload in self.payloads(frames, rng):
                answer = oracle.encode(frames, payload)
                requests.append(f"encode {spec} {oracle.hexadecimal(payload)}")
                answers.append(answer)
                if answer.startswith("ok "):
                    frame = answer.removeprefix("ok ")
                    events = said(frames, bytes.fromhex(frame))
                    self.assertTrue(events.startswith(
                        f"frame {oracle.hexadecimal(payload)} at 0 after {len(frame) // 2}; fin"))
                    requests.append(f"decode {spec} whole {frame}")
                    answers.append(events)
        assert_answers(self, requests, answers)

    def vary(self, rng, frames, frame):
        return frame

    def payloads(self, frames, rng):
        yield from (size * b"7" for size in streams.SIZES)
        yield from self.tokens
        yield from (streams.payload(rng, self.tokens, frames) for _ in range(PAYLOADS))

    def compare(self, kind, streams_of, specs=None):
        requests, answers = [], []
        for spec in specs or self.specs:
            frames, rng = oracle.framing(spec), randomness(kind, spec)
            for stream in streams_of(spec, rng):
                cuts = streams.cuts(rng, len(stream))
                requests.append(f"decode {spec} {cuts} {oracle.hexadecimal(stream)}")
                answers.append(said(frames, stream))
        assert_answers(self, requests, answers)


def assert_answers(test, requests, expected):
    given = ask(requests)
    different = [triple for triple in zip(requests, expected, given) if triple[1] != triple[2]]
    if different:
        shortest = sorted(different, key=lambda triple: len(triple[0]))[:REPORTED]
        test.fail(f"{len(different)} of {len(requests)} answers differ" + "".join(
            f"\n\nrequest {request}\noracle  {answer}\nlibrary {other}"
            for request, answer, other in shortest))


def said(frames, stream):
    return "; ".join(oracle.decode(frames, stream))


def randomness(kind, spec):
    return random.Random(f"{SEED} {kind} {spec}")


def boundless(spec):
    """For a peer that does not know our bound."""
    return oracle.framing(re.sub(r"\\?,(max|oversize)=\w+", "", spec))


def announced(frames):
    """Streams that announce lengths at which something ends: a bound, a width."""
    for length in LENGTHS if isinstance(frames, oracle.Prefixed) else ():
        try:
            yield frames.header(length) + b"abc"
        except oracle.Refused:
            pass
