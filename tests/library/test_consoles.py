"""The conversations that README.md and docs/protocols.md show are what both consoles print. Ports
are compared as one, and lines that a person typed are left out where they are not echoed.
"""
import os
import pathlib
import re
import socket
import subprocess
import time
import unittest

SOURCE = pathlib.Path(os.environ["FRAMEWIRE_SOURCE"])
FRAMEWIRE = os.environ["FRAMEWIRE"]
WAIT_SECONDS = 20

BLOCK = re.compile(r"^    \$ framewire (serve|connect) (\w+)\n((?:    (?!\$).*\n)+)", re.MULTILINE)
PORT = re.compile(r"(127\.0\.0\.1(?::|', ))\d+")
# What a console prints before it reads a line.
PROMPTS = {"walkthrough": 'Enter a message ("exit" to quit): ',
           "echo": "Enter message to send: ", "greeting": "no prompt", "acknowledge": "no prompt"}
NOT_A_REPLY = re.compile(r"(?m)^(?!Message received ).+\n")
HTTP = b"GET / HTTP/1.1\r\n\r\n"


def typed_and_printed(protocol, shown):
    """What a person typed of a client's console, and the rest."""
    if protocol == "acknowledge":
        return "".join(NOT_A_REPLY.findall(shown)), NOT_A_REPLY.sub("", shown)
    prompt = re.compile(re.escape(PROMPTS[protocol]) + r"(.*\n)")
    typed = [line for line in prompt.findall(shown) if line != "^D\n"]
    return "".join(typed), prompt.sub(
        lambda found: PROMPTS[protocol] + ("\n" if found[1] == "^D\n" else ""), shown)


def conversations(text):
    """Protocol, server's console, client's console."""
    found = [(side, name, re.sub("(?m)^    ", "", shown))
             for side, name, shown in BLOCK.findall(text)]
    for (side, name, server), (other, same, client) in zip(found[::2], found[1::2]):
        assert (side, other) == ("serve", "connect") and name == same, found
        yield name, server, client


def without_ports(text):
    return PORT.sub(r"\1PORT", text)


class Consoles(unittest.TestCase):

    def serve(self, *arguments):
        with socket.create_server(("127.0.0.1", 0)) as listening:
            port = listening.getsockname()[1]
        server = subprocess.Popen([FRAMEWIRE, "serve", arguments[0], f"127.0.0.1:{port}",
                                   *arguments[1:]], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.addCleanup(server.wait)
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.kill)
        listens = f":{port:04X} 00000000:0000 0A"
        until = time.monotonic() + WAIT_SECONDS
        while listens not in pathlib.Path("/proc/net/tcp").read_text():
            self.assertIsNone(server.poll())
            self.assertLess(time.monotonic(), until)
            time.sleep(0.01)
        return server, f"127.0.0.1:{port}"

    def printed_by(self, server):
        server.terminate()
        return server.communicate(timeout=WAIT_SECONDS)[0].decode()

    def test_conversations(self):
        seen = set()
        for page in ("README.md", "docs/protocols.md"):
            for protocol, on_server, on_client in conversations((SOURCE / page).read_text()):
                with self.subTest(page=page, protocol=protocol):
                    typed, printed = typed_and_printed(protocol, on_client)
                    server, address = self.serve(protocol)
                    client = subprocess.run([FRAMEWIRE, "connect", protocol, address],
                                            input=typed.encode(), capture_output=True,
                                            timeout=WAIT_SECONDS)
                    self.assertEqual(without_ports(printed),
                                     without_ports(client.stdout.decode()))
                    self.assertEqual(without_ports(on_server),
                                     without_ports(self.printed_by(server)))
                    seen.add((page, protocol))
        self.assertEqual(5, len(seen))

    def test_what_an_http_request_leads_to(self):
        shown = re.search(r"^    (framewire serve: .*HTTP.*)$", (SOURCE / "README.md").read_text(),
                          re.MULTILINE)[1]
        server, address = self.serve("walkthrough", "--quiet")
        host, port = address.split(":")
        with socket.create_connection((host, int(port)), WAIT_SECONDS) as peer:
            peer.sendall(HTTP)
            self.assertEqual(b"", peer.recv(1))
        self.assertEqual(without_ports(shown),
                         without_ports(self.printed_by(server)).splitlines()[0])

    def test_typed_lines_are_found(self):
        self.assertEqual(("Hi\n", "Enter message to send: Received b'Hi'\n"
                          "Enter message to send: \n"), typed_and_printed(
                              "echo", "Enter message to send: Hi\nReceived b'Hi'\n"
                              "Enter message to send: ^D\n"))
        self.assertEqual(("Hi\n", "Message received x\n"),
                         typed_and_printed("acknowledge", "Hi\nMessage received x\n"))


if __name__ == "__main__":
    unittest.main()
