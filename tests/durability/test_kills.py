"""30 kills; `./run torture HOURS` has as many as fit."""
import tempfile
import unittest

from kills import Killing, kill_often
from storing import EarlyServer

KILLS = 30


class Kills(unittest.TestCase):
    def test_row_60_what_was_acknowledged_is_there_once_after_kills(self):
        with tempfile.TemporaryDirectory() as folder:
            killing = kill_often(folder, seed=1, kills=KILLS)
        self.assertEqual([], killing.ledger.wrong)
        self.assertEqual(KILLS, killing.kills)
        self.assertGreater(killing.at_calls, 0)
        self.assertGreater(len(killing.ledger.offsets), 100)

    def test_a_server_that_acknowledges_too_early_is_noticed(self):
        with tempfile.TemporaryDirectory() as folder:
            killing = Killing(folder, seed=1, connections=1, kind=EarlyServer)
            try:
                killing.kill_under_load(at_call=False)
                self.assertIn("is lost", " ".join(killing.compare()))
            finally:
                killing.close()


if __name__ == "__main__":
    unittest.main()
