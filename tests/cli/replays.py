"""What the tests of `replay` stand on: recordings written by hand, and what is said of them."""
import re
from pathlib import Path

from command_line import BINARY, HOST, CommandTest, free_port

SUMMARY = re.compile(r"(\d+) connections?, (\d+) \S+ sent, (\d+) \S+ compared: "
                     r"(no|\d+) differences?(?:; times kept within \d+\.\d ms"
                     r"(?:, at the end \d+\.\d ms later than recorded)?)?")
HELLO = '< "0000000005Hello"\n> "0000000005Hello"\n'
AGAIN = '< "0000000005again"\n> "0000000005again"\n'
ENDS = "< eof\n> eof\n"


def counts_of(text):
    """Connections, messages, compared replies and differences of the last line."""
    found = SUMMARY.fullmatch(text.splitlines()[-1])
    if not found:
        raise AssertionError(f"no summary: {text}")
    return tuple(0 if number == "no" else int(number) for number in found.groups())


class ReplayTest(CommandTest):

    def recording(self, *parts, framing="digits:10"):
        path = Path(self.folder(), "one.transcript")
        path.write_text(f"framing {framing}\n{''.join(parts)}", encoding="utf-8")
        return path

    def replay(self, path, port, *words, status=0):
        """What it has printed."""
        done = self.run_command("replay", path, f"{HOST}:{port}", *words)
        self.assertEqual((status, b""), (done.returncode, done.stderr), done.stdout.decode())
        return done.stdout.decode()

    def mock(self, path, *words):
        """One that plays the server's side."""
        port = free_port()
        program = self.start([BINARY, "replay", str(path), f"{HOST}:{port}", "--as", "server",
                              *words])
        program.port = port
        self.wait_for_listener(program)
        return program
