"""Every transcript of tests/transcripts as a scenario: its peer's bytes, against an echo."""
import re
import sys
from pathlib import Path

from scenarios import Scenario

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "cli"))

from transcripts import bytes_of  # noqa: E402

FRAMING = re.compile(r"^framing (.+)$", re.MULTILINE)


def _play(reads):
    def play(peers, _server):
        one = peers.connect()
        one.send_apart(*reads)
        one.end()
        one.expect_end()
    return play


def _is_served(connect):
    """Whatever the framing: it is accepted, and its end is noticed."""
    with connect() as sock:
        sock.shutdown(1)
        while sock.recv(1 << 16):
            pass
    return True


def transcripts():
    for file in sorted((ROOT / "transcripts").glob("*.transcript")):
        text = file.read_text(encoding="utf-8")
        framing = FRAMING.search(text)[1].strip().replace(" ", ",")
        reads = [bytes_of(line, "<") for line in text.splitlines() if line.startswith("< ")]
        yield Scenario(file.stem, ["--framing", framing, "--service", "echo", "--quiet"],
                       _play([one for one in reads if one]), ask=_is_served)
