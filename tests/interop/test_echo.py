"""`echo` against the Python programs and against raw sockets: no framing, whatever arrives is
printed and comes back untouched.
"""
import unittest

from harness import (InteropTest, LONG_ASCII, LONG_MULTIBYTE, TEXTS, receive, receive_to_end,
                     send_bytewise, send_parts)
from programs import OURS, PYTHON, client_command, send_command

PROMPT = "Enter message to send: "
CONNECTED = "Connected to @"
RECEIVED = "Data received: "


def server_lines(server, *clients):
    """The server's console after `clients`, each an address and what its reads brought."""
    lines = [f"Connected to {server.probe}"]
    for address, reads in clients:
        lines.append(f"Connected to {address}")
        lines += [f"{RECEIVED}{read}" for read in reads]
    return lines


def client_lines(messages):
    return [f"{PROMPT}Received {message.encode()}" for message in messages] + [PROMPT]


def typed(messages):
    return "".join(f"{message}\n" for message in messages)


class Pair:
    """The conversations that go the same whichever end is ours."""
    server_side = client_side = PYTHON

    def converse(self, server, messages):
        client = self.run_client(client_command(self.client_side, "echo", server.port),
                                 typed(messages))
        self.assert_lines(client_lines(messages), client.lines(), client)

    def test_texts(self):
        server = self.serve(self.server_side, "echo")
        self.converse(server, TEXTS)
        client = (server.find_address(CONNECTED, 1), [text for text in TEXTS if text])
        self.assert_served(server, server_lines(server, client))

    def test_clients_one_after_another(self):
        server = self.serve(self.server_side, "echo")
        clients = []
        for number, messages in enumerate((["Hi"], [], ["Hi", "🎉"]), 1):
            self.converse(server, messages)
            clients.append((server.find_address(CONNECTED, number), messages))
            server.wait_for_lines(len(server_lines(server, *clients)))
        self.assert_served(server, server_lines(server, *clients))

    def test_a_million_ascii_characters(self):
        server = self.serve(self.server_side, "echo")
        self.converse(server, [LONG_ASCII])
        self.assert_read_in_parts(server, LONG_ASCII)

    def assert_read_in_parts(self, server, text):
        """However the reads have cut it, `text` is what they brought, and nothing else."""
        address = server.find_address(CONNECTED, 1)
        server.wait_until("the whole of the text", lambda: len(read_so_far(server)) >= len(text))
        self.assert_ends_well(server)
        self.assert_lines([text], [read_so_far(server)], server)
        self.assert_lines(server_lines(server, (address, [])),
                          [line for line in server.lines() if RECEIVED not in line], server)


def read_so_far(server):
    return "".join(line.removeprefix(RECEIVED) for line in server.lines()
                   if line.startswith(RECEIVED))


class ServerSide:
    """A server against a socket that writes as the test says."""
    server_side = PYTHON

    def setUp(self):
        self.server = self.serve(self.server_side, "echo")

    def exchange(self, sock, *parts):
        for part in parts:
            sock.sendall(part)
            self.assert_bytes(part, receive(sock, len(part)))

    def assert_next_is_served(self, *earlier, errors=False):
        self.server.wait_for_lines(len(server_lines(self.server, *earlier)))
        sock = self.connect(self.server)
        self.exchange(sock, b"next")
        clients = [*earlier, (sock.getsockname(), ["next"])]
        sock.shutdown(1)
        self.assert_bytes(b"", receive_to_end(sock))
        self.assert_served(self.server, server_lines(self.server, *clients), errors)

    def test_one_byte_at_a_time(self):
        sock = self.connect(self.server)
        data = "Hé 🎉".encode()
        self.exchange(sock, *(data[at:at + 1] for at in range(len(data))))
        reads = ["H", r"\xc3", r"\xa9", " ", r"\xf0", r"\x9f", r"\x8e", r"\x89"]
        address = sock.getsockname()
        sock.close()
        self.assert_next_is_served((address, reads))

    def test_every_byte_comes_back(self):
        sock = self.connect(self.server)
        data = bytes(range(256)) * 4
        self.exchange(sock, data)
        sock.close()
        self.server.wait_until(r"\xff", lambda: rb"\xff" in self.server.out)
        self.assert_ends_well(self.server)

    def test_many_messages_in_one_write(self):
        sock = self.connect(self.server)
        data = b"".join(b"message %03d;" % number for number in range(50))
        self.exchange(sock, data)
        address = sock.getsockname()
        sock.close()
        self.assert_next_is_served((address, [data.decode()]))

    def test_clients_leave_without_a_word(self):
        sock = self.connect(self.server)
        address = sock.getsockname()
        sock.close()
        self.assert_next_is_served((address, []))

    def test_client_stops_sending_but_reads(self):
        sock = self.connect(self.server)
        sock.sendall(b"last words")
        sock.shutdown(1)
        self.assert_bytes(b"last words", receive_to_end(sock))
        self.assert_next_is_served((sock.getsockname(), ["last words"]))


class ClientSide:
    """A client against a socket that reads and answers as the test says."""
    client_side = PYTHON

    def test_bytes_sent_and_replies_in_parts(self):
        messages = ["héllo wörld", "🎉", "x"]

        def script(sock):
            received = b""
            for message in messages:
                received += receive(sock, len(message.encode()))
                send_bytewise(sock, message.encode())
            return received + receive_to_end(sock)

        server = self.script(script)
        client = self.run_client(client_command(self.client_side, "echo", server.port),
                                 typed(messages))
        self.assert_bytes("".join(messages).encode(), server.result())
        self.assert_lines(client_lines(messages), client.lines(), client)

    def test_bytes_are_printed_as_python_prints_them(self):
        reply = b"\\ ' \t\x00\x7f\xff\n"

        def script(sock):
            receive(sock, len(reply))
            send_parts(sock, reply[:4], reply[4:])

        server = self.script(script)
        client = self.run_client(client_command(self.client_side, "echo", server.port),
                                 "x" * len(reply) + "\n")
        server.result()
        self.assert_lines([f"{PROMPT}Received {reply}", PROMPT], client.lines(), client)


class PythonClientOurServer(Pair, InteropTest):
    server_side = OURS


class OurClientPythonServer(Pair, InteropTest):
    client_side = OURS


class OurClient(ClientSide, InteropTest):
    client_side = OURS


class OurSend(InteropTest):

    def test_each_text_to_the_python_server(self):
        for text in filter(None, TEXTS):
            with self.subTest(text):
                server = self.serve(PYTHON, "echo")
                self.assert_bytes(f"{text}\n".encode(), self.send("echo", server.port, text))
                client = (server.find_address(CONNECTED, 1), [text])
                self.assert_served(server, server_lines(server, client))

    def test_several_messages_to_the_python_server(self):
        server = self.serve(PYTHON, "echo")
        texts = [text for text in TEXTS if text]
        self.assert_bytes("".join(f"{text}\n" for text in texts).encode(),
                          self.send("echo", server.port, *texts))
        client = (server.find_address(CONNECTED, 1), texts)
        self.assert_served(server, server_lines(server, client))

    def test_long_files_to_both_servers(self):
        for side in (PYTHON, OURS):
            for text in (LONG_ASCII, LONG_MULTIBYTE):
                with self.subTest(side=side, text=text[:20]):
                    server = self.serve(side, "echo")
                    file = self.file_with(text.encode())
                    printed = self.send("echo", server.port, "--file", file)
                    self.assert_bytes(f"{text}\n".encode(), printed)

    def test_missing_reply(self):
        server = self.script(lambda sock: receive(sock, 5))
        self.run_failing(send_command("echo", server.port, "Hello"))
        self.assert_bytes(b"Hello", server.result())

    def test_late_reply(self):
        server = self.script(receive_to_end)
        self.run_failing(send_command("echo", server.port, "Hello", timeout="200ms"))
        self.assert_bytes(b"Hello", server.result())


class OurServer(ServerSide, InteropTest):
    server_side = OURS

    def test_control_bytes_are_printed_escaped(self):
        sock = self.connect(self.server)
        self.exchange(sock, b"two\nlines\x1b[0m\ttab")
        address = sock.getsockname()
        sock.close()
        self.assert_next_is_served((address, [r"two\nlines\x1b[0m" + "\ttab"]))

    def test_many_clients_at_once(self):
        socks = [self.connect(self.server) for _ in range(20)]
        for sock in reversed(socks):
            self.exchange(sock, b"Hello")
        clients = [(sock.getsockname(), ["Hello"]) for sock in socks]
        expected = server_lines(self.server, *clients)
        self.server.wait_for_lines(len(expected))
        self.assert_ends_well(self.server)
        self.assert_lines(sorted(expected), sorted(self.server.lines()), self.server)

    def test_a_client_that_does_not_read_stops_nobody(self):
        stuck = self.connect(self.server)
        stuck.settimeout(1)
        with self.assertRaises(TimeoutError, msg="64 MB were taken that nobody takes back"):
            for _ in range(64):
                stuck.sendall(LONG_ASCII.encode())
        sock = self.connect(self.server)
        self.exchange(sock, b"next")
        self.server.wait_until("next", lambda: b"Data received: next\n" in self.server.out)


if __name__ == "__main__":
    unittest.main()
