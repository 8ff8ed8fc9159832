"""Words that the documents do not use, because engineers say something else: see "English" in
CONTRIBUTING.md. Examples and code are left alone, and so are decisions, which are of their time.
And how long the three pages are that everyone reads.
"""
import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

REPLACED = {r"in front of": "before", r"zeros? in front": "leading zeros",
            r"goes on|go on": "continues", r"whoever": "caller, peer, user",
            r"blanks?": "space", r"heard|hears?": "received",
            r"(?:hands?|handed) (?:out|on)": "returns, passes on",
            r"th(?:rown?|rows) away": "discard",
            r"stands? (?:in|behind|below|above)": "is in, follows", r"for ever": "forever"}
LINES_MAX = {"README.md": 200, "ARCHITECTURE.md": 200, "CONTRIBUTING.md": 200}
CODE = re.compile(r"^```.*?^```$|(?:\A|(?<=\n\n))(?:    [^\n]*\n)+|`[^`\n]*`",
                  re.DOTALL | re.MULTILINE)
# The table itself.
TABLE = re.compile(r"^\| not \| but \|.*\n(?:\|.*\n)+", re.MULTILINE)


def found_in(text):
    """Line, the word, and what to say."""
    for left_alone in (TABLE, CODE):
        text = left_alone.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    for words, instead in REPLACED.items():
        for found in re.finditer(rf"\b(?:{words})\b", text, re.IGNORECASE):
            yield text.count("\n", 0, found.start()) + 1, found[0], instead


class Words(unittest.TestCase):

    def test_samples(self):
        for text, lines in (("It goes on.\n", [1]), ("\nA blank\n", [2]),
                            ("1. a\n    blank\n", [2]),
                            ("Whoever `go on`\n", [1]),
                            ("    a blank\n\n```\na blank\n```\n", []), ("blanket, forever\n", []),
                            ("| not | but | not | but |\n| blanks | spaces |\n", [])):
            with self.subTest(text):
                self.assertEqual(lines, [line for line, _, _ in found_in(text)])

    def test_documents(self):
        pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"),
                 *(ROOT / "docs" / "walkthrough").glob("*.md")]
        self.assertGreater(len(pages), 20)
        self.assertEqual([], [f"{page.relative_to(ROOT)}:{line}: {word!r}, say {instead!r}"
                              for page in sorted(pages)
                              for line, word, instead in found_in(page.read_text("utf-8"))])

    def test_lengths(self):
        self.assertEqual({}, {page: lines for page, most in LINES_MAX.items()
                              if (lines := (ROOT / page).read_text("utf-8").count("\n")) > most})


if __name__ == "__main__":
    unittest.main()
