"""`framewire certificate`: what it writes is read by OpenSSL and by Python, and nothing that is
there is overwritten.
"""
import ssl
import stat
import subprocess
import unittest
from pathlib import Path

from command_line import CommandTest


def openssl(*words):
    """What it prints, on either stream; it need not succeed."""
    done = subprocess.run(["openssl", *map(str, words)], capture_output=True, check=False)
    return (done.stdout + done.stderr).decode()


class Certificates(CommandTest):

    def written(self, *names, days=None):
        folder = Path(self.folder())
        more = () if days is None else ("--days", days)
        self.printed = self.assert_done("certificate", *names, "--folder", folder, *more).decode()
        return folder

    def verified(self, folder, name):
        return openssl("verify", "-x509_strict", "-CAfile", folder / "ca.pem", folder / name)

    def test_it_is_valid_for_its_names_and_both_ends(self):
        folder = self.written("localhost", "127.0.0.1", "::1", "*.example.com")
        self.assertIn("localhost.pem: OK", self.verified(folder, "localhost.pem"))
        text = openssl("x509", "-in", folder / "localhost.pem", "-noout", "-text")
        for part in ("DNS:localhost", "IP Address:127.0.0.1", "IP Address:0:0:0:0:0:0:0:1",
                     "DNS:*.example.com", "TLS Web Server Authentication",
                     "TLS Web Client Authentication", "CN = localhost", "CA:FALSE"):
            self.assertIn(part, text)

    def test_python_reads_the_pair(self):
        folder = self.written("localhost")
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(folder / "localhost.pem", folder / "localhost.key")

    def test_only_its_owner_reads_a_key(self):
        folder = self.written("localhost")
        for name in ("ca.key", "localhost.key"):
            self.assertEqual(0o600, stat.S_IMODE((folder / name).stat().st_mode))

    def test_an_authority_that_is_there_signs_the_next(self):
        folder = self.written("localhost")
        authority = (folder / "ca.pem").read_bytes()
        self.assert_done("certificate", "alice", "--folder", folder)
        self.assertEqual(authority, (folder / "ca.pem").read_bytes())
        self.assertIn("alice.pem: OK", self.verified(folder, "alice.pem"))

    def test_it_expires(self):
        folder = self.written("localhost", days=2)
        certificate = folder / "localhost.pem"
        for seconds, found in ((47 * 3600, "will not expire"), (49 * 3600, "will expire")):
            self.assertIn(found, openssl("x509", "-in", certificate, "-checkend", seconds))

    def test_it_has_expired(self):
        folder = self.written("localhost", days=0)
        self.assertIn("expired", self.printed)
        self.assertIn("certificate has expired", self.verified(folder, "localhost.pem"))
        self.assertIn("ca.pem: OK", self.verified(folder, "ca.pem"))

    def test_what_it_prints_names_the_files(self):
        folder = self.written("localhost")
        self.assertIn(f"--tls-cert {folder}/localhost.pem --tls-key {folder}/localhost.key",
                      self.printed)
        self.assertIn(f"--tls-ca {folder}/ca.pem --tls-name localhost", self.printed)

    def test_nothing_is_overwritten(self):
        folder = self.written("localhost")
        before = {path: path.read_bytes() for path in folder.iterdir()}
        self.assert_fails(1, ["certificate", "localhost", "--folder", folder],
                          "localhost.pem': file exists", "hint: remove it")
        (folder / "localhost.pem").unlink()
        self.assert_fails(1, ["certificate", "localhost", "--folder", folder],
                          "localhost.key': file exists")
        after = {path: path.read_bytes() for path in folder.iterdir()}
        self.assertEqual({path: text for path, text in before.items()
                          if path.name != "localhost.pem"}, after)

    def test_an_authority_that_cannot_sign(self):
        folder, other = self.written("localhost"), self.written("localhost")
        (folder / "ca.key").write_bytes((other / "ca.key").read_bytes())
        self.assert_fails(1, ["certificate", "alice", "--folder", folder], "ca.pem",
                          "the key is not that of the certificate", "remove ca.pem and ca.key")
        (folder / "ca.pem").write_text("Hello\n")
        self.assert_fails(1, ["certificate", "alice", "--folder", folder], "ca.pem",
                          "not a certificate")
        (folder / "ca.pem").write_bytes((other / "ca.pem").read_bytes())
        (folder / "ca.key").unlink()
        self.assert_fails(1, ["certificate", "alice", "--folder", folder], "ca.key",
                          "no such file")
        self.assertFalse((folder / "alice.pem").exists())

    def test_a_folder_that_is_not_there(self):
        self.assert_fails(1, ["certificate", "localhost", "--folder", "/nonexistent"],
                          "/nonexistent/ca.key", "no such file")

    def test_names_that_are_none(self):
        self.assert_fails(2, ["certificate"], "which name", "hint: such as localhost")
        self.assert_fails(2, ["certificate", "ca"], "ca.pem")
        self.assert_fails(2, ["certificate", "x", "--days", "36501"], "at most 36500")
        for name in ("", ".hidden", "../x", "a,DNS:b", "a b", "é", "x" * 65):
            with self.subTest(name):
                self.assert_fails(2, ["certificate", "localhost", name],
                                  "neither a DNS name nor an IP address")


if __name__ == "__main__":
    unittest.main()
