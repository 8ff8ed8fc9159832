"""What the documents say the command prints is what it prints."""

import json
import os
import pathlib
import re
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

    def test_every_framing_is_in_the_tables(self):
        listed = subprocess.run([os.environ["FRAMEWIRE"], "framings", "--json"],
                                capture_output=True, check=True, timeout=60).stdout
        page = (SOURCE / "docs/framings.md").read_text()
        for row in json.loads(listed):
            for name in re.split(r"[|\[]", row["spec"]):
                if name.startswith(",") or "]" in name:
                    break
                self.assertIn(f"`{name.partition(':')[0]}", page)


if __name__ == "__main__":
    unittest.main()
