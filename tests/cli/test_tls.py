"""TLS on every end of the command: both ends verified, named errors at both, and options that
cannot be misunderstood.
"""
import json
import os
import pty
import signal
import socket
import ssl
import subprocess
import unittest
from pathlib import Path

from command_line import BINARY, HOST, TIMEOUT, CommandTest, free_port, receive, receive_to_end
from certificates import Certificates

FRAME = b"0000000005Hello"


class TlsTest(CommandTest):

    @classmethod
    def setUpClass(cls):
        cls.certificates = Certificates()
        cls.addClassCleanup(cls.certificates.remove)

    def serving(self, *words, shown="server"):
        return self.server("digits:10", *self.certificates.shown(shown), *words)

    def trusting(self, server, command="send", *words, host=HOST):
        """The words of a command that connects there, and trusts our CA."""
        return [command, "digits:10", f"{host}:{server.port}", *self.certificates.trusted(),
                *words]

    def events(self, server):
        self.stop(server)
        return [json.loads(line) for line in bytes(server.out).splitlines()]

    def assert_both_say(self, words, name, server, *parts, at_server=None):
        """The client fails with this name, and so does the connection at the server."""
        self.assert_fails(1, words, f"{name}: ", *parts)
        expected = (at_server or name).encode()
        server.wait_until(f"{expected} in the log", lambda: expected in server.err)


class EveryEnd(TlsTest):

    def test_messages_are_sent(self):
        server = self.serving()
        self.assertEqual(b"one\ntwo\n", self.assert_done(*self.trusting(server, "send", "one",
                                                                        "two")))
        self.assertEqual(b"Hello\n", self.assert_done(
            *self.trusting(server, "send", "Hello", host="localhost")))

    def test_files_of_many_records_are_sent(self):
        server = self.serving("--service", "echo")
        content = os.urandom(3_000_000)
        folder = Path(self.folder())
        (folder / "sent").write_bytes(content)
        self.assert_done(*self.trusting(server, "send", "--file", folder / "sent", "--output",
                                        folder / "received"))
        self.assertTrue(content == (folder / "received").read_bytes())

    def test_lines_of_a_program_are_a_conversation(self):
        server = self.serving()
        self.assertEqual(b"one\ntwo\n", self.assert_done(*self.trusting(server, "connect"),
                                                         data=b"one\ntwo\n"))

    def test_a_console_in_lockstep(self):
        server = self.server("walkthrough", *self.certificates.shown())
        client = self.start([BINARY, "connect", "walkthrough", f"{HOST}:{server.port}",
                             *self.certificates.trusted()])
        client.feed("Hello\n")
        self.assertEqual(0, client.finish(), client.report())
        self.assertIn(b"Hello", client.out)

    def test_what_a_server_pushes_is_received(self):
        listener = self.tls_script(lambda sock: sock.sendall(FRAME))
        self.assertEqual(b"Hello\n", self.assert_done(
            "receive", "digits:10", f"{HOST}:{listener.port}", *self.certificates.trusted()))

    def tls_script(self, script):
        side = self.certificates.server_side()

        def speak(sock):
            with side.wrap_socket(sock, server_side=True) as secure:
                script(secure)
        return self.script(speak)

    def test_it_is_listened_for(self):
        port = free_port()
        listener = self.start([BINARY, "receive", "digits:10", f"{HOST}:{port}", "--listen",
                               "--json", *self.certificates.shown()])
        listener.wait_until("listening", lambda: b"listening" in listener.out)
        self.assert_done("send", "digits:10", f"{HOST}:{port}", *self.certificates.trusted(),
                         "Hello", "--no-reply")
        self.assertEqual(0, listener.finish(), listener.report())
        self.assertIn(b'"payload":"Hello"', listener.out)
        self.assertIn(b'"tls":"TLSv1.3"', listener.out)

    def test_a_listener_that_gets_no_tls(self):
        port = free_port()
        listener = self.start([BINARY, "receive", "digits:10", f"{HOST}:{port}", "--listen",
                               *self.certificates.shown()])
        listener.wait_until("listening", lambda: b"Listening" in listener.err)
        self.run_command("send", "digits:10", f"{HOST}:{port}", "Hello")
        self.assertEqual(1, listener.finish(), listener.report())
        self.assertIn(b"tls.plaintext", listener.err)

    def test_a_load_is_measured(self):
        server = self.serving()
        folder = Path(self.folder())
        self.assert_done(*self.trusting(server, "bench", "--connections", "4", "--in-flight", "8",
                                        "--count", "2000", "--size", "10..40000", "--json",
                                        folder / "report"))
        report = json.loads((folder / "report").read_text())
        self.assertEqual(2000, report["messages"])
        done = self.events_or_log(server)
        self.assertNotIn("failed", done)

    def events_or_log(self, server):
        self.stop(server)
        return bytes(server.err).decode()

    def test_a_load_on_connections_that_are_replaced(self):
        server = self.server("digits:10", "--service", "reply:Hi,close",
                             *self.certificates.shown())
        self.assert_done(*self.trusting(server, "bench", "--connections", "3", "--count", "60",
                                        "--messages-per-connection", "1", "--expect", "reply:Hi"))
        self.assertNotIn("failed", self.events_or_log(server))

    def test_a_load_without_replies(self):
        server = self.server("digits:10", "--service", "discard", "--json",
                             *self.certificates.shown())
        self.assert_done(*self.trusting(server, "bench", "--expect", "none", "--count", "500"))
        frames = [one for one in self.events(server) if one["event"] == "frame"]
        self.assertEqual(500, len(frames))

    def test_a_load_on_a_server_that_closes_without_the_end_of_tls(self):
        server = self.tls_script(lambda sock: receive(sock, len(FRAME)))
        self.assertIn("io.closed", self.run_command(*self.trusting(
            server, "bench", "--message", "Hello", "--count", "1")).stderr.decode())

    def test_local_sockets_have_a_name_to_expect(self):
        path = Path(self.folder()) / "socket"
        server = self.start([BINARY, "serve", "digits:10", f"unix:{path}",
                             *self.certificates.shown()])
        server.wait_until("listening", lambda: b"Listening" in server.out)
        words = ["send", "digits:10", f"unix:{path}", *self.certificates.trusted(), "Hello"]
        self.assert_fails(2, words, "a local socket has no name", "--tls-name")
        self.assertEqual(b"Hello\n", self.assert_done(*words, "--tls-name", "localhost"))


class WhoItIs(TlsTest):
    """Clients with certificates: their subject is wherever their address is."""

    def test_the_subject_is_in_the_console_and_reaches_programs(self):
        server = self.serving("--tls-client-ca", self.certificates.ca, "--service",
                              'exec:printf %s "$FRAMEWIRE_SUBJECT"')
        words = self.trusting(server, "send", *self.certificates.shown("alice"), "Hello")
        self.assertEqual(b"CN=alice,O=framewire throw-away\n", self.assert_done(*words))
        server.wait_until("the console", lambda: b"sent: Hello" in server.out)
        self.assertRegex(bytes(server.out).decode(),
                         r"\('127.0.0.1', \d+\) \(CN=alice,O=framewire throw-away\) sent: Hello")

    def test_programs_of_others_have_none(self):
        os.environ["FRAMEWIRE_SUBJECT"] = "CN=nobody"
        self.addCleanup(os.environ.pop, "FRAMEWIRE_SUBJECT")
        server = self.server("digits:10", "--service", 'exec:printf "<%s>" "$FRAMEWIRE_SUBJECT"')
        self.assertEqual(b"<>\n", self.assert_done("send", "digits:10", f"{HOST}:{server.port}",
                                                   "Hello"))

    def test_it_is_in_events(self):
        server = self.serving("--tls-client-ca", self.certificates.ca, "--json")
        self.assert_done(*self.trusting(server, "send", *self.certificates.shown("alice"), "Hello",
                                        host="localhost"))
        opened = [one for one in self.events(server) if one["event"] == "connected"]
        self.assertEqual(1, len(opened))
        self.assertEqual(("TLSv1.3", "CN=alice,O=framewire throw-away", "localhost"),
                         (opened[0]["tls"], opened[0]["subject"], opened[0]["server_name"]))
        self.assertIn("AES", opened[0]["cipher"])

    def test_it_is_in_a_transcript(self):
        server = self.serving()
        done = self.run_command(*self.trusting(server, "send", "-v", "Hello"))
        self.assertRegex(done.stderr.decode(), r"(?m)^# TLSv1.3, TLS_AES_\w+$")
        self.assertIn(b"(CN=localhost,O=framewire throw-away)", done.stderr)

    def test_clients_without_a_certificate_of_that_ca(self):
        server = self.serving("--tls-client-ca", self.certificates.ca)
        self.assert_both_say(self.trusting(server, "send", "Hello"), "tls.certificate_required",
                             server, "--tls-cert and --tls-key")
        other = Certificates()
        self.addCleanup(other.remove)
        self.assert_both_say(self.trusting(server, "send", *other.shown("alice"), "Hello"),
                             "tls.certificate_unknown", server, "--tls-cert")
        self.assert_both_say(
            self.trusting(server, "send", *self.certificates.shown("old"), "Hello"),
            "tls.certificate_expired", server)
        self.assertEqual(b"Hello\n", self.assert_done(
            *self.trusting(server, "send", *self.certificates.shown("alice"), "Hello")))

    def test_the_certificate_that_a_client_asks_for(self):
        server = self.serving(*self.certificates.shown("other"))
        for host, names in (("localhost", "localhost"), ("other.example", "other.example"),
                            ("127.0.0.1", "localhost")):
            with self.certificates.connect(server.port, host=host) as sock:
                subject = dict(field[0] for field in sock.getpeercert()["subject"])
                self.assertEqual(names, subject["commonName"])


class Renewed(TlsTest):
    """SIGHUP reads the files again."""

    def setUp(self):
        self.pair = [Path(self.folder()) / name for name in ("pem", "key")]
        self.replace_by("server")
        self.running = self.server("digits:10", "--quiet", "--tls-cert", self.pair[0],
                                   "--tls-key", self.pair[1])

    def replace_by(self, name):
        for path, source in zip(self.pair, self.certificates.pair(name)):
            path.write_bytes(source.read_bytes())

    def serial(self):
        with self.certificates.connect(self.running.port) as sock:
            return sock.getpeercert()["serialNumber"]

    def reload(self, answer):
        before = len(self.running.err)
        self.running.child.send_signal(signal.SIGHUP)
        self.running.wait_until(answer, lambda: answer in self.running.err[before:])

    def test_new_connections_get_the_new_certificate_and_open_ones_stay(self):
        first = self.serial()
        self.certificates.issue("renewed", "localhost", HOST)
        with self.certificates.connect(self.running.port) as sock:
            self.replace_by("renewed")
            self.reload(b"reloaded")
            self.assertNotEqual(first, self.serial())
            sock.sendall(FRAME)
            self.assertEqual(FRAME, receive(sock, len(FRAME)))

    def test_a_bad_file_changes_nothing(self):
        first = self.serial()
        for text in ("", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"):
            self.pair[0].write_text(text)
            self.reload(b"not reloaded")
            self.assertIn(str(self.pair[0]).encode(), self.running.err)
            self.assertEqual(first, self.serial())
        self.replace_by("alice")
        self.pair[1].write_bytes(self.certificates.pair("server")[1].read_bytes())
        self.reload(b"not reloaded")
        self.assertEqual(first, self.serial())


class Refused(TlsTest):

    def test_a_ca_that_is_not_trusted(self):
        server = self.serving()
        words = ["send", "digits:10", f"{HOST}:{server.port}", "--tls", "Hello"]
        self.assert_both_say(words, "tls.certificate_unknown", server, "CN=localhost", "--tls-ca")
        for command in ("connect", "receive", "bench"):
            with self.subTest(command):
                self.assertIn("tls.certificate_unknown", self.assert_fails(
                    1, [command, "digits:10", f"{HOST}:{server.port}", "--tls"]))

    def test_a_name_that_is_another(self):
        server = self.serving(shown="other")
        self.assert_both_say(self.trusting(server, "send", "Hello"), "tls.name_mismatch", server,
                             "DNS:other.example", "--tls-name",
                             at_server="tls.certificate_unknown")
        self.assertEqual(b"Hello\n", self.assert_done(
            *self.trusting(server, "send", "--tls-name", "other.example", "Hello")))

    def test_a_certificate_that_has_expired(self):
        server = self.serving(shown="old")
        self.assert_both_say(self.trusting(server, "send", "Hello"), "tls.certificate_expired",
                             server)

    def test_a_client_without_tls(self):
        server = self.serving()
        self.assert_both_say(["send", "digits:10", f"{HOST}:{server.port}", "Hello"],
                             "frame.syntax at 0", server, "looks like a TLS alert", "with --tls",
                             at_server="tls.plaintext")

    def test_a_server_without_tls(self):
        server = self.script(lambda sock: (sock.sendall(FRAME), receive_to_end(sock)))
        self.assert_fails(1, self.trusting(server, "send", "Hello"), "tls.plaintext",
                          "without --tls")

    def test_versions_before_the_least(self):
        server = self.serving("--tls-min", "1.3")
        old = self.certificates.client_side()
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        with self.assertRaises(ssl.SSLError), self.connect(server) as plain:
            old.wrap_socket(plain, server_hostname="localhost")
        server.wait_until("the log", lambda: b"tls.handshake" in server.err)
        with self.certificates.connect(server.port) as sock:
            self.assertEqual("TLSv1.3", sock.version())

    def test_protocols_that_nobody_shares(self):
        server = self.serving("--tls-alpn", "mllp", "--tls-alpn", "gelf", "--json")
        self.assert_done(*self.trusting(server, "send", "--tls-alpn", "gelf", "Hello"))
        self.assert_both_say(self.trusting(server, "send", "--tls-alpn", "http", "Hello"),
                             "tls.handshake", server)
        opened = [one for one in self.events(server) if one["event"] == "connected"]
        self.assertEqual(["gelf"], [one["protocol"] for one in opened])

    def test_a_stream_that_is_cut_inside_a_frame(self):
        server = self.serving()
        with self.certificates.connect(server.port) as sock:
            sock.sendall(FRAME[:-1])
            sock.shutdown(socket.SHUT_WR)  # of TCP, and not of TLS
            receive_to_end(sock)
        server.wait_until("the log", lambda: b"tls.truncated" in server.err)


class Options(TlsTest):

    def test_a_warning_in_red(self):
        server = self.serving()
        words = [str(BINARY), "send", "digits:10", f"{HOST}:{server.port}", "--tls-insecure",
                 "Hello"]
        done = self.run_command(*words[1:])
        self.assertEqual(b"Hello\n", done.stdout)
        self.assertRegex(done.stderr, rb"\Aframewire send: warning: --tls-insecure: [^\x1b]*\n\Z")
        ours, its = pty.openpty()
        with open(its, "wb", buffering=0) as terminal:
            subprocess.run(words, stdout=subprocess.DEVNULL, stderr=terminal, check=True,
                           env={**os.environ, "TERM": "xterm", "NO_COLOR": ""}, timeout=TIMEOUT)
            shown = os.read(ours, 1 << 12)
        os.close(ours)
        self.assertTrue(shown.startswith(b"\x1b[31mframewire send: warning"), shown)

    def test_the_secrets_of_both_ends_are_the_same(self):
        folder = Path(self.folder())
        server = self.serving("--tls-keylog", folder / "server")
        done = self.run_command(*self.trusting(server, "send", "Hello"),
                                SSLKEYLOGFILE=str(folder / "client"))
        self.assertEqual((0, b""), (done.returncode, done.stderr))
        secrets = [sorted(line for line in (folder / end).read_text().splitlines()
                          if line.startswith("CLIENT_TRAFFIC_SECRET_0"))
                   for end in ("client", "server")]
        self.assertEqual(1, len(secrets[0]))
        self.assertEqual(secrets[0], secrets[1])
        for end in ("client", "server"):
            self.assertEqual(0o600, (folder / end).stat().st_mode & 0o777)

    def test_a_key_in_the_file_of_its_certificate(self):
        both = Path(self.folder()) / "both.pem"
        both.write_bytes(b"".join(path.read_bytes() for path in self.certificates.pair("server")))
        server = self.server("digits:10", "--tls-cert", both)
        self.assertEqual(b"Hello\n", self.assert_done(*self.trusting(server, "send", "Hello")))

    def test_files_that_cannot_be_used(self):
        certificate, key = self.certificates.pair("server")
        other = self.certificates.pair("alice")[1]
        for words, *parts in (
                (["--tls-cert", "/nonexistent", "--tls-key", key], "/nonexistent",
                 "no such file"),
                (["--tls-cert", certificate, "--tls-key", other], str(other)),
                (["--tls-cert", key, "--tls-key", key], str(key)),
                ([*self.certificates.shown(), "--tls-client-ca", key], str(key)),
                ([*self.certificates.shown(), "--tls-keylog", "/nonexistent/x"], "/nonexistent/x",
                 "no such file")):
            with self.subTest(words):
                self.assert_fails(1, ["serve", "digits:10", f"{HOST}:0", *words], *parts)
        for command in ("connect", "send", "receive", "bench"):
            with self.subTest(command):
                self.assert_fails(1, [command, "digits:10", f"{HOST}:1", "--tls-ca",
                                      "/nonexistent"], "/nonexistent", "no such file")

    def test_options_that_contradict_each_other(self):
        shown = self.certificates.shown()
        there = f"{HOST}:1"
        for words, *parts in (
                (["serve", "digits:10", "--tls-min", "1.3"], "--tls-cert PATH --tls-key PATH",
                 "framewire certificate"),
                (["serve", "digits:10", *shown, "--tls-cert", shown[1]], "2 times", "1 times"),
                (["serve", "digits:10", "--tls-cert", shown[1]], "has no private key",
                 "--tls-key"),
                (["serve", "digits:10", *shown, "--tls-min", "1.1"], "neither 1.2 nor 1.3"),
                (["serve", "digits:10", *shown, "--tls"], "--tls"),
                (["send", "digits:10", there, *shown, *shown], "one --tls-cert"),
                (["receive", "digits:10", there, *shown, "--tls-client-ca", shown[1]],
                 "--tls-client-ca is for a server"),
                (["receive", "digits:10", there, "--listen", *shown, "--tls-insecure"],
                 "--tls-insecure is for a client"),
                (["receive", "digits:10", there, "--listen", "--tls"],
                 "a server needs a certificate")):
            with self.subTest(words):
                self.assert_fails(2, words, *parts)


if __name__ == "__main__":
    unittest.main()
