"""`first=SPEC` and `reply=SPEC`: the framing of a first frame, and that of the other direction."""
import unittest

import oracle
import streams
from comparison import PAYLOADS, Comparison, assert_answers, randomness, said
from specs import specs_of

TOKENS = [b"a", b"b", b"\0", b"\1", b"\2", b"\3", b"\n", b"\r\n", b"1", b"02", b"2:Hi,", b"0:,",
          b"\x0b", b"\x1c\r", b"aab", b"\xc0", b"ab\n", b"\2ab", b"\0\2ab", b"[1]", b"7\n"]


class Changing(Comparison):
    few = (b"\0", b"\1", b"a", b"\n")
    tokens = TOKENS

    def test_encoding(self):
        """Of several payloads of one stream: what is sent the same by both is also understood."""
        requests, answers = [], []
        for spec in self.specs:
            frames, rng = oracle.framing(spec), randomness("payloads", spec)
            for _ in range(PAYLOADS):
                payloads = [streams.payload(rng, self.tokens, frames.sends(at)) for at in range(3)]
                sent = oracle.encode_all(frames, payloads)
                data = "/".join(map(oracle.hexadecimal, payloads))
                requests.append(f"encode {spec} {data}")
                answers.append("; ".join(sent))
                good = [answer.removeprefix("ok ") for answer in sent if answer.startswith("ok ")]
                stream = bytes.fromhex("".join(good).replace("-", ""))
                understood = said(frames.reply, stream)
                for payload, answer in zip(payloads, sent):
                    if answer.startswith("ok ") and frames.sent_spec != "eof":
                        self.assertIn(f"frame {oracle.hexadecimal(payload)} at", understood)
                requests.append(f"decode {frames.sent_spec or spec} whole "
                                f"{oracle.hexadecimal(stream)}")
                answers.append(understood)
        assert_answers(self, requests, answers)


class First(Changing, unittest.TestCase):
    specs = specs_of("first", "u8,first=line")
    refused = ("u8,first=", "u8,first=raw", "u8,first=fixed:x", r"u8,first=line\,first=line",
               "u8,first=line,first=line", r"u8,first=line\,reply=line", "u8,first")
    sample = b"Hi\n\x02Hi\0"


class Reply(Changing, unittest.TestCase):
    specs = specs_of("reply", "u16be,reply=line")
    refused = ("u8,reply=", "u8,reply=fixed:x", r"u8,reply=line\,reply=line",
               "u8,reply=line,reply=line", "u8,reply")
    sample = b"\0\2Hi\0\0"


if __name__ == "__main__":
    unittest.main()
