"""What the comparison reads of receive windows."""
import os
import sys
import unittest
from pathlib import Path

ROOT = Path(os.environ.get("FRAMEWIRE_SOURCE", Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(ROOT / "bench/compare"))

import windows  # noqa: E402
from loads import Load  # noqa: E402

SS = """\
0      0          127.0.0.1:7000      127.0.0.1:40000
\t bbr wscale:7,7 rto:201 busy:200ms rwnd_limited:50ms(25.0%) rcv_space:65483
0      0          127.0.0.1:40000      127.0.0.1:7000
\t bbr wscale:7,7 rto:201 busy:400ms rwnd_limited:396ms(99.0%) rcv_space:65483
0      0          127.0.0.1:40001      127.0.0.1:7000
\t bbr wscale:7,7 rto:201 rcv_space:65483
"""
LOAD = Load(4, 16, 16 << 10)


def sample(peer, rate, **other):
    return {"round": 0, "load": LOAD.name, "peer": peer, "messages_per_second": rate,
            "requests_window_limited": 0.5, "replies_window_limited": 0.25} | other


class Windows(unittest.TestCase):

    def test_shares_are_of_requests_and_of_replies(self):
        self.assertEqual({"requests_window_limited": 0.99, "replies_window_limited": 0.25},
                         windows.shares(SS, 7000))
        self.assertEqual({"requests_window_limited": 0, "replies_window_limited": 0},
                         windows.shares("", 7000))

    def test_slow_rounds_of_ours_are_named(self):
        floor = sample("floor", 100)
        self.assertEqual([], list(windows.slow_rounds([floor, sample("framewire", 95)], [LOAD])))
        slow, = windows.slow_rounds([floor, sample("framewire", 71), sample("go", 3)], [LOAD])
        self.assertIn("round 1: 0.71 of the floor", slow)
        self.assertIn("limit for 50%", slow)
        self.assertIn("25% of the replies'", slow)
        failed = {"round": 0, "load": LOAD.name, "peer": "framewire", "failed": "it fell"}
        self.assertEqual([], list(windows.slow_rounds([floor, failed], [LOAD])))


if __name__ == "__main__":
    unittest.main()
