"""Each sentence that docs/errors.md says of what a peer probably sends is in a transcript."""
import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = "| the sentence | when | what to do |"


def sentences():
    text = (ROOT / "docs/errors.md").read_text(encoding="utf-8")
    for line in text[text.index(TABLE):].split("\n\n")[0].splitlines()[2:]:
        cell = line.split(" | ")[0].removeprefix("| ")
        verb = re.match(r"looks (like|padded)|", cell)[0]
        for part in re.split(r", |(?<=\?) (?=does)", cell.removeprefix(verb).strip()):
            if not part.startswith("where "):
                yield f"{verb} {part}".strip()


class Sentences(unittest.TestCase):

    def test_each_is_in_a_transcript(self):
        texts = "".join(path.read_text(encoding="utf-8")
                        for path in (ROOT / "tests/transcripts").glob("*.transcript"))
        found = list(sentences())
        self.assertGreater(len(found), 30)
        self.assertEqual([], [one for one in found if one not in texts])


if __name__ == "__main__":
    unittest.main()
