"""The peers of the comparison pass `check`, or fail where docs/check.md says."""
import json
import os
import re
import subprocess
import unittest

from test_peers import ROOT, any_core, ready
from peers import PEERS
from servers import Server

BINARY = os.environ.get("FRAMEWIRE", ROOT / "build/dev/framewire")
FRAMING = "digits:10,max=16MiB"


class Checked(unittest.TestCase):

    def told(self):
        document = (ROOT / "docs/check.md").read_text(encoding="utf-8")
        section = document.partition("\n## The peers of the comparison\n")[2].partition("\n## ")[0]
        return dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", section, re.MULTILINE))

    def failed(self, peer):
        server = Server(peer, any_core())
        server.start()
        try:
            done = subprocess.run(
                [BINARY, "check", FRAMING, f"127.0.0.1:{server.port}", "--report", "json", "--pid",
                 str(server.child.pid), "--exclude", "load.slow,load.idle,pieces.split"],
                capture_output=True, timeout=60, check=False)
        finally:
            server.stop()
        self.assertEqual(b"", done.stderr)
        return [case["name"] for case in json.loads(done.stdout)["cases"]
                if case["verdict"] in ("fail", "warning")]

    def test_they_fail_where_the_document_says(self):
        told = self.told()
        self.assertGreaterEqual(len(told), 4)
        checked = 0
        for peer in PEERS:
            if peer.name not in told:
                continue
            with self.subTest(peer.name):
                ready(peer)
                checked += 1
                failed = ", ".join(f"`{case}`" for case in self.failed(peer)) or "none"
                self.assertEqual(told[peer.name], failed)
        self.assertGreater(checked, 0)


if __name__ == "__main__":
    unittest.main()
