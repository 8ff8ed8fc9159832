"""Certificates for the tests of TLS, made by `framewire certificate`, and the ends of Python's TLS
that go with them.
"""
import shutil
import socket
import ssl
import subprocess
import tempfile
from pathlib import Path

from programs import BINARY, HOST, TIMEOUT


class Certificates:
    """A folder with a CA and pairs that it has signed. `server` is for localhost and 127.0.0.1."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp())
        self.issue("server", "localhost", HOST)
        self.issue("other", "other.example")
        self.issue("alice", "alice")
        self.issue("old", "localhost", HOST, days=0)

    def issue(self, file, *names, days=30):
        subprocess.run([BINARY, "certificate", *names, "--folder", self.folder,
                        "--days", str(days)], check=True, stdout=subprocess.DEVNULL)
        for kind in ("pem", "key"):
            (self.folder / f"{names[0]}.{kind}").rename(self.folder / f"{file}.{kind}")

    def remove(self):
        shutil.rmtree(self.folder)

    @property
    def ca(self):
        return self.folder / "ca.pem"

    def pair(self, name):
        return self.folder / f"{name}.pem", self.folder / f"{name}.key"

    def shown(self, name="server"):
        """The options that show a certificate."""
        certificate, key = self.pair(name)
        return ["--tls-cert", certificate, "--tls-key", key]

    def trusted(self):
        return ["--tls-ca", self.ca]

    def server_side(self, name="server"):
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(*self.pair(name))
        return made

    def client_side(self, name=None):
        made = ssl.create_default_context(cafile=self.ca)
        if name:
            made.load_cert_chain(*self.pair(name))
        return made

    def connect(self, port, name=None, host="localhost", **more):
        """A connection of Python's to 127.0.0.1, which expects a certificate for `host`."""
        plain = socket.create_connection((HOST, port), TIMEOUT)
        try:
            return self.client_side(name).wrap_socket(plain, server_hostname=host, **more)
        except Exception:
            plain.close()
            raise
