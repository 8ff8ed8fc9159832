"""`./run demo`: what anyone sees first."""
import subprocess
import sys
import unittest
from pathlib import Path

DEMO = Path(__file__).with_name("demo.py")
PROTOCOLS = ("walkthrough", "greeting", "echo", "acknowledge")


class Demo(unittest.TestCase):

    def test_shows_four_conversations(self):
        done = subprocess.run([sys.executable, "-B", DEMO, "/"], capture_output=True, text=True)
        self.assertEqual((0, ""), (done.returncode, done.stderr), done.stdout)
        shown = [line[3:] for line in done.stdout.splitlines() if line.startswith("== ")]
        self.assertEqual([*PROTOCOLS, "All four protocols work. Try next:"], shown)
        for name in PROTOCOLS:
            self.assertIn(f"framewire serve {name} ", done.stdout)
            self.assertIn(f"framewire connect {name} ", done.stdout)
        self.assertIn("\n  cd /", done.stdout)


if __name__ == "__main__":
    unittest.main()
