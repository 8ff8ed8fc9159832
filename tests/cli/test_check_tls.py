"""`check` of servers with TLS: ours passes, and those with the usual mistakes are found."""
import contextlib
import socket
import ssl
import threading
import unittest

import mistaken_servers as mistaken
from certificates import Certificates
from checking import CheckTest
from command_line import HOST, free_port


def handshake(raw, settings):
    return settings.wrap_socket(raw, server_side=True, suppress_ragged_eofs=False)


def looks_first(raw, settings):
    """One recv() decides whether it is TLS at all."""
    if raw.recv(3, socket.MSG_PEEK) != b"\x16\x03\x01":
        raise OSError
    return handshake(raw, settings)


def one_behind(sock):
    """Sends a reply when the next message has come; the last is lost."""
    last = b""
    for message in mistaken.messages(sock):
        sock.sendall(last)
        last = mistaken.framed(message)


class TlsServer:
    """Serves each client in a thread. Where it handles no errors of TLS, it ends."""

    def __init__(self, test, certificates, serve=mistaken.right, *, begin=handshake,
                 timeout=0.3, accepts_inline=False, ends_on=()):
        self.settings = certificates.server_side()
        self.serve, self.begin, self.timeout = serve, begin, timeout
        self.accepts_inline, self.ends_on = accepts_inline, ends_on
        self.listener = socket.create_server((HOST, free_port()), backlog=128)
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()
        test.addCleanup(self._close)

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                raw, _ = self.listener.accept()
                if self.accepts_inline:
                    self._talk(raw, lambda sock: threading.Thread(
                        target=self._serve, args=(sock,), daemon=True).start())
                else:
                    threading.Thread(target=self._talk, args=(raw, self._serve),
                                     daemon=True).start()

    def _talk(self, raw, then):
        raw.settimeout(self.timeout)
        try:
            sock = self.begin(raw, self.settings)
            sock.settimeout(5)
        except OSError as error:
            raw.close()
            self._mind(error)
        else:
            then(sock)

    def _serve(self, sock):
        try:
            with sock, contextlib.suppress(EOFError, ValueError):
                self.serve(sock)
        except OSError as error:
            self._mind(error)

    def _mind(self, error):
        if isinstance(error, self.ends_on):
            with contextlib.suppress(OSError):
                self.listener.shutdown(socket.SHUT_RDWR)

    def _close(self):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()


class Tls(CheckTest):

    @classmethod
    def setUpClass(cls):
        cls.certificates = Certificates()
        cls.addClassCleanup(cls.certificates.remove)

    def check_tls(self, server, *words, status=0):
        return self.check(server.port, "-f", "digits:10", *self.certificates.trusted(),
                          "--only", *words, status=status)

    def assert_found(self, case, *parts, verdict="fail", wait="500ms", **how):
        server = TlsServer(self, self.certificates, **how)
        found, text = self.check_tls(server, case, "--timeout", wait,
                                     status=int(verdict == "fail"))
        self.assertEqual({verdict: [case]}, found, text)
        for part in parts:
            self.assertIn(part, " ".join(text.split()))

    def test_ours_passes(self):
        server = self.server("digits:10", *self.certificates.shown(), "-q",
                             "--handshake-deadline", "2s")
        found, text = self.check_tls(server, "tls", "--parallel", "9")
        self.assertEqual({"pass"}, set(found), text)
        self.assertEqual(9, len(found["pass"]))

    def test_the_right_one_passes(self):
        server = TlsServer(self, self.certificates)
        found, text = self.check_tls(server, "tls", "--exclude", "tls.slow-handshake",
                                     "--parallel", "8")
        self.assertEqual({"pass"}, set(found), text)

    def test_without_tls_there_are_none(self):
        listed = self.assert_done("check", "--list", "digits:10").decode()
        self.assertNotIn("tls.version", listed)
        self.assertIn("tls.version",
                      self.assert_done("check", "--list", "digits:10", "--tls").decode())

    def test_an_end_at_the_first_wrong_handshake(self):
        for case in ("tls.plaintext", "tls.cut-handshake"):
            with self.subTest(case):
                self.assert_found(case, "in a try", ends_on=OSError)

    def test_old_versions(self):
        def accepts_all(raw, settings):
            settings.set_ciphers("ALL:@SECLEVEL=0")
            settings.minimum_version = ssl.TLSVersion.TLSv1
            return handshake(raw, settings)

        self.assert_found("tls.version", "the handshake continues", "Set the smallest version",
                          begin=accepts_all)

    def test_a_look_at_the_first_bytes(self):
        self.assert_found("tls.slow-handshake", "one recv()", begin=looks_first)

    def test_an_end_at_the_first_missing_close_notify(self):
        self.assert_found("tls.no-close-notify", "catch it where that client",
                          ends_on=ssl.SSLEOFError)

    def test_an_end_at_the_first_bad_record(self):
        self.assert_found("tls.noise", "catch it where that client", ends_on=ssl.SSLError)

    def test_a_reply_that_is_missing_at_the_end(self):
        self.assert_found("tls.half-close", "to message 20 of 20", "Send all replies",
                          serve=one_behind)

    def test_handshakes_where_clients_are_accepted(self):
        self.assert_found("tls.beside", "do_handshake_on_connect=False", verdict="warning",
                          accepts_inline=True)

    def test_no_timeout(self):
        self.assert_found("tls.silent", "Set a timeout", verdict="warning", timeout=10,
                          wait="200ms")


if __name__ == "__main__":
    unittest.main()
