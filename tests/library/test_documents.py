"""What the documents say the command prints is what it prints."""

import os
import pathlib
import subprocess
import sys
import unittest

SOURCE = pathlib.Path(os.environ["FRAMEWIRE_SOURCE"])


class Documents(unittest.TestCase):
    def test_examples_are_what_the_command_prints(self):
        done = subprocess.run(
            [sys.executable, "-B", SOURCE / "docs" / "examples.py", os.environ["FRAMEWIRE"]],
            capture_output=True, text=True, timeout=120)
        self.assertEqual("", done.stdout + done.stderr, "'./run docs' writes them anew")
        self.assertEqual(0, done.returncode)


if __name__ == "__main__":
    unittest.main()
