"""The units for systemd: that it understands them, and how much a service may do."""
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

UNITS = Path(__file__).resolve().parents[2] / "tools/systemd"
COMMAND = Path(os.environ["FRAMEWIRE_BUILD"], "framewire")


@unittest.skipUnless(shutil.which("systemd-analyze"), "there is no systemd-analyze")
class Units(unittest.TestCase):

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def analyze(self, *words):
        return subprocess.run(["systemd-analyze", *words], capture_output=True, text=True,
                              timeout=60, check=False)

    def instance(self, kind, **replaced):
        """As of a template."""
        text = (UNITS / f"framewire@.{kind}").read_text()
        for name, value in replaced.items():
            text = re.sub(rf"^{name}=.*$", f"{name}={value}", text, flags=re.MULTILINE)
        file = self.folder / f"framewire@orders.{kind}"
        file.write_text(text)
        return file

    def test_a_service_may_do_little(self):
        """Of 10, which is everything."""
        done = self.analyze("security", "--offline=true", "--threshold=15",
                            self.instance("service"))
        found = re.search(r"Overall exposure level .*: ([\d.]+)", done.stdout)
        self.assertTrue(found, done)
        self.assertLess(float(found[1]), 1.6)
        self.assertEqual(0, done.returncode, done.stdout)

    def test_systemd_understands_them(self):
        service = self.instance("service", ExecStart=f"{COMMAND} serve echo", Documentation="",
                                User="root")
        self.instance("socket")
        for file in sorted(self.folder.iterdir()):
            with self.subTest(file.name):
                done = self.analyze("verify", file)
                self.assertEqual("", done.stderr)
                self.assertEqual(0, done.returncode)
        service.write_text(service.read_text() + "\n[Service]\nNoSuchSetting=1\n")
        self.assertIn("NoSuchSetting", self.analyze("verify", service).stderr)

    def test_what_they_name_exists(self):
        text = (UNITS / "framewire@.service").read_text()
        user = re.search(r"^User=(.*)$", text, re.MULTILINE)[1]
        self.assertRegex((UNITS / "framewire.sysusers").read_text(), rf"^u {user} ")
        words = re.search(r"^ExecStart=framewire (.*)$", text, re.MULTILINE)[1].split()
        # Without the second, errors go where the output goes.
        self.assertIn("\nStandardOutput=null\nStandardError=journal\n", text)
        # Small systems have no /bin/kill.
        programs = re.findall(r"^Exec\w+=(\S+)", text, re.MULTILINE)
        self.assertLessEqual(set(programs), {"framewire", "/bin/sh"})
        config = self.folder / "orders.toml"
        config.write_text('protocol = "echo"\n')
        words[words.index("/etc/framewire/%i.toml")] = str(config)
        subprocess.run([COMMAND, *words, "--check-config"], check=True, capture_output=True)


if __name__ == "__main__":
    unittest.main()
