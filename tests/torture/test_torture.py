"""A few runs of every scenario; `./run torture` has all of them."""
import os
import unittest

from torture import torture


class Torture(unittest.TestCase):
    def test_the_command_survives_what_fails(self):
        table, violations = torture(os.environ["FRAMEWIRE"], os.environ["FRAMEWIRE_SHIM"],
                                    quick=True)
        self.assertEqual([], violations)
        self.assertTrue(all(runs == survived for runs, survived in table.values()))
        self.assertGreater(sum(runs for runs, _ in table.values()), 80)


if __name__ == "__main__":
    unittest.main()
