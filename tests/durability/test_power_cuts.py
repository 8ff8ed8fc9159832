"""Power cuts, as a disk with a cache may have seen them: 500 states in each test. `./run torture
HOURS` opens many more."""
import tempfile
import unittest
from pathlib import Path

from power import Numbers, cut, cut_failures, cut_runs, record, record_early

STATES = 500


class PowerCuts(unittest.TestCase):

    def test_row_61_and_73_what_was_acknowledged_is_there_and_the_store_opens(self):
        """The second run begins with what a power cut left of the first."""
        results, words = cut_runs(seed=1, runs=2, states=STATES // 2)
        self.assertEqual([0, 0], [one["wrong"] for one in results], words)
        self.assertEqual(STATES, sum(one["states"] for one in results))
        self.assertGreater(results[-1]["acknowledged"], 100)

    def test_row_61_while_old_messages_are_deleted(self):
        results, words = cut_runs(seed=2, runs=1, states=STATES // 2, keep=40)
        self.assertEqual(0, results[0]["wrong"], words)
        self.assertGreater(results[0]["acknowledged"], 80)

    def test_row_61_and_63_after_a_flush_that_failed(self):
        """What was read from the cache of the system may never have reached the disk."""
        result, words = cut_failures(4, STATES)
        self.assertEqual(0, result["wrong"], words)
        self.assertGreater(result["acknowledged"], 80)


class Sabotage(unittest.TestCase):
    """What these tests are worth: they must notice a server that does not keep its word."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name) / "store"
        self.folder.mkdir()
        self.trace = Path(folder.name) / "trace"

    def expect_noticed(self):
        result, words = cut(self.trace, STATES, 3)
        self.assertGreater(result["acknowledged"], 20)
        self.assertGreater(result["lost"], 0, words)

    def test_flushing_does_nothing(self):
        record(self.folder, self.trace, 3, Numbers(), sabotage="no flush")
        self.expect_noticed()

    def test_sqlite_does_not_flush(self):
        record(self.folder, self.trace, 3, Numbers(), sabotage="late pragma")
        self.expect_noticed()

    def test_acknowledged_before_it_is_stored(self):
        record_early(self.folder, self.trace, Numbers())
        self.expect_noticed()


if __name__ == "__main__":
    unittest.main()
