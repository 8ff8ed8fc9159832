"""`framewire serve --config`: a file with the options' names, read again at SIGHUP."""
import signal
import socket
import unittest
from pathlib import Path

from command_line import BINARY, HOST, TIMEOUT, CommandTest, free_port, receive
from certificates import Certificates
from init_system import Notified, start_activated

HELLO = b"0000000005Hello"


class ConfigTest(CommandTest):

    def config(self, text):
        path = Path(self.folder(), "config.toml")
        path.write_text(text)
        return path

    def exchange(self, at, data=HELLO):
        sock = socket.create_connection(at, TIMEOUT)
        self.addCleanup(sock.close)
        sock.sendall(data)
        self.assertEqual(data, receive(sock, len(data)))
        return sock


class Reading(ConfigTest):

    def test_all_kinds_of_values(self):
        path = self.config('framing = "line"  # a text\n'
                           "threads = 2\nquiet = true\ntimestamps = false\n"
                           'drain = "1s"\nidle-deadline = 0.5\n')
        self.assertEqual(f"{path} is valid\n".encode(),
                         self.assert_done("serve", "--config", path, "--check-config"))

    def test_what_the_command_line_says_has_precedence(self):
        ports = [free_port() for _ in range(3)]
        path = self.config(f'protocol = "walkthrough"\naddress = "{HOST}:{ports[0]}"\n'
                           "threads = 0\n")
        server = self.start([BINARY, "serve", "--config", path, "--threads", "1", "--framing",
                             "line", "--quiet", f"{HOST}:{ports[1]}", f"{HOST}:{ports[2]}"])
        server.port = ports[2]
        self.wait_for_listener(server)
        for port in ports[1:]:
            self.exchange((HOST, port), b"Hello\n")
        with self.assertRaises(ConnectionRefusedError):
            self.connect_to(ports[0])
        self.assertEqual(0, server.stop(), server.report())

    def test_several_listeners(self):
        folder = self.folder()
        port = free_port()
        path = self.config('protocol = "walkthrough"\n'
                           f'[[listen]]\naddress = "unix:{folder}/socket"\n'
                           f'[[listen]]\naddress = "{HOST}:{port}"\n')
        server = self.start([BINARY, "serve", "--config", path])
        server.find_error(f"framewire serve: also listening on {HOST}:{port}\n")
        self.exchange((HOST, port))
        with socket.socket(socket.AF_UNIX) as sock:
            sock.connect(f"{folder}/socket")
            sock.sendall(HELLO)
            self.assertEqual(HELLO, receive(sock, len(HELLO)))
        self.assertEqual(0, server.stop(), server.report())

    def test_mistakes_are_named_with_their_line(self):
        for text, *parts in (
                ("\nthread = 2\n", ":2: unknown setting 'thread'", "did you mean 'threads'?"),
                ("threads = 0\n", ":1: threads: must be at least 1"),
                ('threads = "many"\n', ":1: threads: 'many' is not a number"),
                ("threads = true\n", ":1: threads: expected N"),
                ("quiet = 1\n", ":1: quiet: expected true or false"),
                ("threads = [1, 2]\n", ":1: threads: given twice"),
                ("help-limits = true\n", ":1: 'help-limits' is for the command line"),
                ('config = "x"\n', ":1: 'config' is for the command line"),
                ("[limits]\nthreads = 2\n", ":1: limits: expected a text", "[[listen]]"),
                ("[[listen]]\n", ":1: a [[listen]] needs an address"),
                ('[[listen]]\naddress = ":1"\nport = 2\n', ":3: unknown setting 'port'"),
                ('listen = ":1"\n', "listen: write [[listen]]"),
                ('address = "here"\n', ":1: 'here' is not an address"),
                ("quiet = true\njson = true\n", "--json", "--quiet"),
                ('protocol = "none"\n', "unknown protocol or framing 'none'"),
                ("drain = 1\ndrain = 2\n", ":2: "),
                ("threads = \n", ":1: ")):
            with self.subTest(text):
                echo = [] if "protocol" in text else ["echo"]
                path = self.config(text)
                self.assert_fails(2, ["serve", "--config", path, *echo, "--check-config"],
                                  *parts)

    def test_files_that_cannot_be_read(self):
        folder = self.folder()
        self.assert_fails(2, ["serve", "--config", f"{folder}/none"], "none")
        self.assert_fails(2, ["serve", "--config", folder], folder)
        large = self.config("#" * (1 << 20) + "\n")
        self.assert_fails(2, ["serve", "--config", large], "config.toml")


class Reloading(ConfigTest):

    def start_with(self, text):
        self.path = self.config(f'protocol = "walkthrough"\nquiet = true\n{text}')
        self.notified = Notified(self)
        server = start_activated(self, ["serve", "--config", str(self.path), f"{HOST}:0"], (),
                                 self.notified)
        found = self.notified.wait_for(r"READY=1\nSTATUS=serving on [\d.]+:(\d+)")
        self.assertIn(b"listening on", server.stderr.readline())
        return server, (HOST, int(found[1]))

    def reload(self, server, text):
        """What it logs about it."""
        self.path.write_text(text)
        server.send_signal(signal.SIGHUP)
        line = server.stderr.readline().decode()
        self.notified.wait_for(r"RELOADING=1\nMONOTONIC_USEC=\d+\n")
        self.notified.wait_for("READY=1")
        return line

    def test_limits_hold_for_those_who_connect_later(self):
        server, at = self.start_with("service = 'reply:Hello'\n")
        before = self.exchange(at)
        base = 'protocol = "walkthrough"\nquiet = true\nservice = "reply:Hello"\n'
        self.assertEqual("framewire serve: reloaded: no limit has changed\n",
                         self.reload(server, base))
        self.assertEqual("framewire serve: reloaded: drain, max-payload\n",
                         self.reload(server, base + 'max-payload = 4\ndrain = "1s"\n'))
        after = self.connect_to(at[1])
        after.sendall(b"0000000005")
        self.assertEqual(b"", after.recv(1))
        before.sendall(HELLO)
        self.assertEqual(HELLO, receive(before, len(HELLO)))

    def test_what_cannot_change_is_said(self):
        server, at = self.start_with("threads = 1\n")
        for _ in range(2):
            line = self.reload(server, 'protocol = "echo"\nquiet = true\nthreads = 2\n')
            self.assertEqual("framewire serve: reloaded: no limit has changed\n", line)
            self.assertEqual("framewire serve: not changed before a restart: "
                             "protocol, threads\n", server.stderr.readline().decode())
        self.exchange(at)

    def test_a_mistake_changes_nothing(self):
        server, at = self.start_with("max-connections = 5\n")
        line = self.reload(server, 'protocol = "walkthrough"\nmax-connections = 1\nthread = 2\n')
        self.assertIn("not reloaded, nothing has changed: ", line)
        self.assertIn(":3: unknown setting 'thread'", line)
        open_ones = [self.exchange(at) for _ in range(5)]
        self.assertEqual(5, len(open_ones))

    def test_certificates(self):
        """The content of the files; a pair that does not belong together is refused."""
        made = Certificates()
        self.addCleanup(made.remove)
        certificate, key = made.pair("server")
        server, at = self.start_with(f'tls-cert = "{certificate}"\ntls-key = "{key}"\n')
        text = self.path.read_text()

        def serial():
            with socket.create_connection(at, TIMEOUT) as plain, \
                    made.client_side().wrap_socket(plain, server_hostname="localhost") as sock:
                sock.sendall(HELLO)
                self.assertEqual(HELLO, receive(sock, len(HELLO)))
                return sock.getpeercert()["serialNumber"]

        first = serial()
        with socket.create_connection(at, TIMEOUT) as plain, \
                made.client_side().wrap_socket(plain, server_hostname="localhost") as kept:
            made.issue("server", "localhost", HOST)
            self.assertIn("reloaded: ", self.reload(server, text))
            second = serial()
            self.assertNotEqual(first, second)
            key.write_bytes(made.pair("other")[1].read_bytes())
            self.assertIn("not reloaded, nothing has changed: ", self.reload(server, text))
            self.assertEqual(second, serial())
            kept.sendall(HELLO)
            self.assertEqual(HELLO, receive(kept, len(HELLO)))
        self.assert_fails(2, ["serve", "--config", self.path, "--check-config"], str(key))

    def test_who_may_connect(self):
        server, at = self.start_with('deny = ["10.0.0.0/8"]\n')
        self.exchange(at)
        base = 'protocol = "walkthrough"\nquiet = true\n'
        self.assertIn("reloaded: deny\n", self.reload(server, base + f'deny = ["{HOST}"]\n'))
        with self.assertRaises((ConnectionError, EOFError)):
            self.exchange(at)
        self.assertIn(b"limit.denied", server.stderr.readline())
        self.assertIn("reloaded: deny\n", self.reload(server, base))
        self.exchange(at)

    def test_the_number_of_connections(self):
        server, at = self.start_with("max-connections = 5\n")
        base = 'protocol = "walkthrough"\nquiet = true\nmax-connections = '
        self.assertIn("reloaded: max-connections\n", self.reload(server, base + "1\n"))
        kept = self.exchange(at)
        refused = self.connect_to(at[1])
        self.assertEqual(b"", refused.recv(1))
        self.assertIn(b"limit.connections", server.stderr.readline())
        kept.sendall(HELLO)
        self.assertEqual(HELLO, receive(kept, len(HELLO)))
        server.terminate()
        self.assertEqual(0, server.wait(TIMEOUT))

    def test_without_a_file_a_hangup_stops_it(self):
        notified = Notified(self)
        server = start_activated(self, ["serve", "walkthrough", f"{HOST}:0", "--quiet"], (),
                                 notified)
        notified.wait_for("READY=1")
        server.send_signal(signal.SIGHUP)
        self.assertEqual(0, server.wait(TIMEOUT))


if __name__ == "__main__":
    unittest.main()
