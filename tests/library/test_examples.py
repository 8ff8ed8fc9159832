"""Runs the programs of examples/ as their readers would: each server with each client, in the
order of the course. They all use port 7000, as the README does, so they run one after another."""

import os
import pathlib
import re
import signal
import socket
import subprocess
import time
import unittest

SOURCE = pathlib.Path(os.environ["FRAMEWIRE_SOURCE"])
BUILD = pathlib.Path(os.environ["FRAMEWIRE_BUILD"])
FRAMEWIRE = os.environ["FRAMEWIRE"]
PORT = 7000
PATIENCE = 20


def run(name, *arguments):
    program = FRAMEWIRE if name == "framewire" else BUILD / "examples" / name
    return subprocess.run([program, *arguments], capture_output=True, text=True, timeout=PATIENCE)


class Readme(unittest.TestCase):
    def test_shows_the_examples_as_they_are(self):
        text = (SOURCE / "README.md").read_text()
        shown = re.findall(r"`examples/(\S+\.cpp)`\n\n```cpp\n(.*?)```", text, re.DOTALL)
        self.assertEqual([name for name, _ in shown],
                         ["01_echo_server.cpp", "02_client.cpp", "10_client_with_ids.cpp"])
        longest = {"01_echo_server.cpp": 12, "02_client.cpp": 8}
        for name, code in shown:
            with self.subTest(name):
                self.assertEqual(code, (SOURCE / "examples" / name).read_text())
                self.assertLessEqual(code.count("\n"), longest.get(name, 25))


class Examples(unittest.TestCase):
    def serve(self, name):
        server = subprocess.Popen([BUILD / "examples" / name], stdout=subprocess.PIPE, text=True)
        self.addCleanup(server.wait)
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.terminate)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            self.assertIsNone(server.poll(), f"{name} ended by itself; is port {PORT} in use?")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", PORT)) == 0:
                    return server
            time.sleep(0.02)
        self.fail(f"{name} does not listen on {PORT}")

    def test_each_client_talks_to_each_echo_server(self):
        for server_name in ("01_echo_server", "03_echo_server_coroutines"):
            server = self.serve(server_name)
            for client_name in ("02_client", "04_client_coroutines"):
                with self.subTest(server=server_name, client=client_name):
                    client = run(client_name)
                    self.assertEqual((client.stdout, client.returncode), ("Hello\n", 0))
            server.terminate()
            server.wait(PATIENCE)

    def test_clients_without_a_server_say_so(self):
        client = run("02_client")
        self.assertEqual(client.returncode, 1)
        self.assertIn("cannot connect to 127.0.0.1:7000: connection refused", client.stderr)

    def test_client_with_ids_finds_its_replies(self):
        self.serve("01_echo_server")
        client = run("10_client_with_ids")
        self.assertEqual((client.stdout, client.returncode),
                         ("1 Hello\n2 How are you?\n3 Goodbye\n", 0))

    def test_custom_service_remembers_each_connection(self):
        self.serve("05_custom_service")
        for _ in range(2):
            sent = run("framewire", "send", "127.0.0.1:7000", "-f", "digits:10", "--",
                       "a", "b", "stop")
            self.assertEqual(sent.stdout, "1: a\n2: b\nYou sent 2 messages.\n", sent.stderr)

    def test_codec_without_sockets(self):
        lines = run("06_codec_without_sockets").stdout.splitlines()
        self.assertEqual(lines[:3],
                         ["frame at 0: 'Hello'", "frame at 9: 'héllo'", "frame at 19: ''"])
        self.assertRegex(lines[3], r"^frame\.length_syntax at 23: ")

    def test_graceful_stop_answers_what_was_received(self):
        server = self.serve("07_graceful_stop")
        with socket.create_connection(("127.0.0.1", PORT), PATIENCE) as peer:
            peer.sendall(b"0000000005Hel")
            time.sleep(0.2)
            server.send_signal(signal.SIGTERM)
            time.sleep(0.2)
            peer.sendall(b"lo")
            self.assertEqual(peer.makefile("rb").read(), b"0000000005Hello")
        out, _ = server.communicate(timeout=PATIENCE)
        self.assertEqual(server.returncode, 0)
        self.assertIn("1 messages on ", out)


if __name__ == "__main__":
    unittest.main()
