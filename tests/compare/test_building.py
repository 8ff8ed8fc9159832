"""Peers that cannot take part are named, with the reason."""
import os
import shutil
import sys
import unittest
from dataclasses import replace
from pathlib import Path

ROOT = Path(os.environ.get("FRAMEWIRE_SOURCE", Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(ROOT / "bench/compare"))

from building import Skipped, build  # noqa: E402
from peers import FLOOR, FRAMEWIRE, PEERS  # noqa: E402
from servers import Failed, Server  # noqa: E402


class Building(unittest.TestCase):

    def skipped(self, peer):
        with self.assertRaises(Skipped) as raised:
            build(peer)
        return str(raised.exception)

    def test_what_is_missing_is_named_with_its_package(self):
        needs = (("/no/tool", "tool"), ("/no/header", "libx-dev"), ("/no/other", "libx-dev"),
                 ("/", "root"))
        self.assertEqual("no /no/tool (package tool); no /no/header (package libx-dev)",
                         self.skipped(replace(FLOOR, needs=needs)))

    def test_our_own_server_comes_with_no_package(self):
        self.assertEqual("no build/nothing",
                         self.skipped(replace(FRAMEWIRE, needs=(("{root}/build/nothing", ""),))))

    def test_what_the_compiler_says_is_passed_on(self):
        wrong = replace(FLOOR, name="wrong", build=("/bin/sh", "-c", "echo why not >&2; false"))
        self.assertEqual("does not compile: why not", self.skipped(wrong))

    def test_every_peer_has_its_packages_in_the_list(self):
        lines = (ROOT / "debian-packages.txt").read_text(encoding="utf-8").splitlines()
        listed = {line.split()[0] for line in lines if line[:1].isalpha()}
        for peer in PEERS:
            for _, package in peer.needs:
                with self.subTest(peer=peer.name, package=package):
                    self.assertIn(package, listed | {"", *COME_WITH_OTHERS})

    @unittest.skipUnless(shutil.which("setpriv"), "there is no setpriv")
    def test_a_server_that_ends_at_once_says_why(self):
        server = Server(replace(FLOOR, command=("/bin/sh", "-c", "echo first >&2; echo last >&2;"
                                                "exit 3", "sh")), min(os.sched_getaffinity(0)))
        with self.assertRaisesRegex(Failed, "status 3: last"):
            server.start()


COME_WITH_OTHERS = {"gcc", "rustc"}  # with g++ and cargo


if __name__ == "__main__":
    unittest.main()
