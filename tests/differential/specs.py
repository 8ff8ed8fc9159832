"""The specs of tests/support/specs.txt that are tried here."""
import re
from pathlib import Path

TABLE = Path(__file__).resolve().parents[1] / "support" / "specs.txt"
LINE = re.compile(r"^(?P<group>[a-z_]+) +(?P<spec>\S+) +[a-z ]*\bdifferential\b", re.MULTILINE)


def specs_of(group, first, pattern=""):
    """Those of the group in which the pattern is found, `first` before the others."""
    found = [line["spec"] for line in LINE.finditer(TABLE.read_text(encoding="utf-8"))
             if line["group"] == group and re.search(pattern, line["spec"])]
    found.remove(first)
    return (first, *found)
