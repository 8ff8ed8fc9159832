"""30 kills; `./run torture HOURS` has as many as fit."""
import tempfile
import unittest

from kills import kill_often

KILLS = 30


class Kills(unittest.TestCase):
    def test_what_was_acknowledged_is_there_once_after_kills(self):
        with tempfile.TemporaryDirectory() as folder:
            killing = kill_often(folder, seed=1, kills=KILLS)
        self.assertEqual([], killing.ledger.wrong)
        self.assertEqual(KILLS, killing.kills)
        self.assertGreater(killing.at_calls, 0)
        self.assertGreater(len(killing.ledger.offsets), 100)


if __name__ == "__main__":
    unittest.main()
