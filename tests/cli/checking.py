"""What the tests of `check` share."""
import re

from command_line import HOST, CommandTest

LINE = re.compile(r"^(pass|fail|warning|skipped) +(\d+) +([\w.-]+)", re.MULTILINE)


class CheckTest(CommandTest):

    def check(self, port, *words, status=0):
        """The names of the cases by verdict, and all that was printed."""
        done = self.run_command("check", f"{HOST}:{port}", *words)
        text = done.stdout.decode()
        self.assertEqual((status, b""), (done.returncode, done.stderr), text)
        found = {}
        for verdict, _, name in LINE.findall(text):
            found.setdefault(verdict, []).append(name)
        return found, text
