"""Manual pages and completions: they have every option that the command takes, and the programs
that read them do not complain.
"""
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from command_line import TIMEOUT, CommandTest
from test_help import COMMANDS, OPTION

SCRIPTS = ("framewire", "_framewire", "framewire.fish")


class Documents(CommandTest):

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.written = Path(folder.name)
        done = cls().run_command("--write-documents", folder.name)
        assert done.returncode == 0, done
        cls.options = {command: cls.options_of(command) for command in COMMANDS}

    @classmethod
    def options_of(cls, command):
        page = cls().run_command(command, "--help-all").stdout.decode()
        return [name for short, long, _ in OPTION.findall(page) for name in (short, long) if name]

    def run_tool(self, *words, data=""):
        if shutil.which(words[0]) is None:
            self.skipTest(f"{words[0]} is not installed")
        return subprocess.run(words, input=data, capture_output=True, text=True, timeout=TIMEOUT,
                              check=False)

    def assert_silent(self, *words, data=""):
        done = self.run_tool(*words, data=data)
        self.assertEqual((0, ""), (done.returncode, done.stderr), words)
        return done.stdout


class Manual(Documents):

    def text_of(self, page):
        return self.assert_silent("groff", "-man", "-Tascii", "-P-cbou", "-ww", "-rLL=78n",
                                  str(self.written / "man1" / page))

    def test_each_command_has_a_page(self):
        names = {path.name for path in (self.written / "man1").iterdir()}
        self.assertEqual({"framewire.1", *(f"framewire-{name}.1" for name in COMMANDS)}, names)

    def test_pages_have_every_option_and_the_parts_of_a_page(self):
        for command in COMMANDS:
            page = self.text_of(f"framewire-{command}.1")
            for name in self.options[command]:
                self.assertRegex(page, rf"(?m)^ +(-\w, )?{name}\b", command)
            self.assertEqual(["NAME", "SYNOPSIS"], re.findall(r"(?m)^[A-Z ]+$", page)[:2])
            for part in ("OPTIONS", "EXAMPLES", "EXIT STATUS", "SEE ALSO"):
                self.assertIn(f"\n{part}\n", page)
            self.assertIn(f"framewire-{command} - ", page)

    def test_the_main_page_names_all_commands(self):
        page = self.text_of("framewire.1")
        for command in COMMANDS:
            self.assertIn(f"framewire-{command}(1)", page)

    def test_examples_are_as_typed(self):
        page = self.text_of("framewire-send.1")
        self.assertIn("framewire send walkthrough Hello 'Hello again'", page)


class Completions(Documents):

    def script(self, name):
        return self.written / "completions" / name

    def test_every_option_is_in_every_script(self):
        for name in SCRIPTS:
            text = self.script(name).read_text()
            for command in COMMANDS:
                for option in self.options[command]:
                    short = len(option) == 2
                    wanted = option.lstrip("-") if name.endswith(".fish") else option
                    flag = ("-s " if short else "-l ") if name.endswith(".fish") else ""
                    self.assertRegex(text, rf"{re.escape(flag + wanted)}\b", (name, command))

    def test_syntax(self):
        self.assert_silent("bash", "-n", str(self.script("framewire")))

    def test_syntax_of_zsh(self):
        self.assert_silent("zsh", "-n", str(self.script("_framewire")))

    def test_syntax_of_fish(self):
        self.assert_silent("fish", "-n", str(self.script("framewire.fish")))

    def completed(self, *words):
        """What bash offers at the end of these words."""
        typed = " ".join(f"'{word}'" for word in words)
        return self.assert_silent("bash", "-c", (
            f". '{self.script('framewire')}'; COMP_WORDS=({typed}); COMP_CWORD={len(words) - 1};"
            f"_framewire; printf '%s\\n' \"${{COMPREPLY[@]}}\"")).split()

    def test_bash_completes(self):
        self.assertLessEqual({*COMMANDS, "help", "version"}, {*self.completed("framewire", "")})
        self.assertEqual(["connect"], self.completed("framewire", "con"))
        self.assertEqual(["serve"], self.completed("framewire", "help", "ser"))
        self.assertEqual(["walkthrough"], self.completed("framewire", "serve", "wal"))
        self.assertEqual(["mllp"], self.completed("framewire", "send", ":7000", "-f", "ml"))
        self.assertEqual(["discard"], self.completed("framewire", "serve", "--service", "dis"))
        for command in COMMANDS:
            self.assertEqual({*self.options[command]},
                             {*self.completed("framewire", command, "-")})

    def test_bash_completes_files(self):
        (self.written / "letter one.txt").write_text("")
        self.assertEqual([f"{self.written}/letter", "one.txt"],
                         self.completed("framewire", "send", "--file", f"{self.written}/let"))


if __name__ == "__main__":
    unittest.main()
