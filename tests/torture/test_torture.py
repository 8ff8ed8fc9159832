"""A few runs of every scenario; `./run torture` has all of them."""
import os
import unittest

from control import Control
from scenarios import SERVED
from sweep import sweep
from torture import torture


class Torture(unittest.TestCase):
    def test_the_command_survives_what_fails(self):
        table, violations = torture(os.environ["FRAMEWIRE"], os.environ["FRAMEWIRE_SHIM"],
                                    quick=True)
        self.assertEqual([], violations)
        self.assertTrue(all(runs == survived for runs, survived in table.values()))
        self.assertGreater(sum(runs for runs, _ in table.values()), 80)

    def test_row_79_a_store_without_memory(self):
        scenario = next(one for one in SERVED if one.name == "store")
        control = Control(os.environ["FRAMEWIRE_SHIM"])
        self.addCleanup(control.close)
        tally = sweep(os.environ["FRAMEWIRE"], control, scenario, ["allocate"], quick=70)
        self.assertEqual([], tally.violations)
        self.assertGreater(tally.runs, 50)


if __name__ == "__main__":
    unittest.main()
