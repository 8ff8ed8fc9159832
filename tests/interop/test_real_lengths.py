"""Real programs whose frames announce a length: each client speaks to its server through a relay
that decodes and encodes every frame.
"""
import sys
import unittest

from foreign_peers import needed
from programs import HOST
from real_programs import RealTest, server_program, unprivileged

LONG_TEXT = "x" * 200


class Dns(RealTest):

    def test_queries_over_tcp(self):
        """dnsmasq and kdig, which keeps its connection; the last answer has a kilobyte."""
        kdig, dnsmasq = needed("kdig"), needed("dnsmasq")
        texts = [f"--txt-record=long.example,{number}{LONG_TEXT}" for number in range(5)]
        server = self.serve_real(lambda port: [
            dnsmasq, "--no-daemon", "--conf-file=/dev/null", "--no-resolv", "--no-hosts",
            "--bind-interfaces", f"--listen-address={HOST}", f"--port={port}", "--pid-file",
            "--address=/a.example/192.0.2.1", *texts])
        relay = self.relay_frames("u16be", server)
        answers = self.ask(kdig, f"@{HOST}", "-p", relay.port, "+tcp", "+keepopen", "+short",
                           "a.example", "A", "none.example", "AAAA", "long.example", "TXT")
        self.assertEqual("192.0.2.1", answers.split()[0])
        self.assertEqual(5, answers.count(LONG_TEXT))
        self.assert_frames(relay, 3, 3)


class MariaDb(RealTest):

    def test_statements(self):
        """A server without its system tables, and so without users; a result of a megabyte."""
        mariadb, mariadbd = needed("mariadb"), needed("mariadbd")
        folder = self.folder(open_to_others=True)
        server = self.serve_real(lambda port: unprivileged(folder, *[
            mariadbd, "--no-defaults", f"--datadir={folder}", f"--port={port}",
            f"--bind-address={HOST}", f"--socket={folder}/socket", "--skip-grant-tables",
            "--innodb=OFF", "--default-storage-engine=Aria", "--skip-ssl"]))
        relay = self.relay_frames("u24le,adjust=1", server)
        printed = self.ask(
            mariadb, "--no-defaults", "-h", HOST, "-P", str(relay.port), "--protocol=tcp",
            "--skip-ssl", "-N", "-e", "SELECT 1 + 1; SELECT repeat('x', 1000000); SELECT 'ü'")
        self.assertEqual(["2", "x" * 1_000_000, "ü"], printed.split())
        self.assert_frames(relay, 5, 10)


if __name__ == "__main__":
    unittest.main()
