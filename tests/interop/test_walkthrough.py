"""`walkthrough` against the Python programs and against raw sockets: ten digits that count
characters, the echo, and both consoles line for line.
"""
import unittest

from harness import (InteropTest, LONG_ASCII, LONG_MULTIBYTE, LONG_SIZE, TEXTS, receive,
                     receive_to_end, send_bytewise, send_parts)
from programs import OURS, PYTHON, client_command, send_command

PROMPT = 'Enter a message ("exit" to quit): '
CONNECTED = "Connected to client: @"


def framed(*messages):
    return b"".join(f"{len(message):010d}{message}".encode() for message in messages)


def server_lines(server, *clients):
    """The server's console after `clients`, each an address and its messages."""
    lines = [f"Server listening on 127.0.0.1:{server.port}..."]
    for address, messages in clients:
        lines.append(f"Connected to client: {address}")
        lines += [f"Client sent: {message}" for message in messages]
        if "exit" not in messages:
            lines.append(f"Client {address} disconnected")
        lines.append(f"Finished serving client: {address}")
    return lines


def client_lines(port, messages):
    lines = [f"Connected to server at 127.0.0.1:{port}"]
    for message in messages:
        lines += [f"{PROMPT}Sent to server: {message}", f"Server echoed: {message}"]
    if "exit" not in messages:
        lines.append(PROMPT)
    return lines + ["Connection closed."]


class Pair:
    """The conversations that go the same whichever end is ours."""
    server_side = client_side = PYTHON

    def converse(self, *conversations):
        server = self.serve(self.server_side, "walkthrough")
        served = []
        for number, messages in enumerate(conversations):
            client = self.run_client(client_command(self.client_side, "walkthrough", server.port),
                                     "".join(f"{message}\n" for message in messages))
            self.assert_lines(client_lines(server.port, messages), client.lines(), client)
            served.append((server.find_address(CONNECTED, number), messages))
            server.wait_for_lines(len(server_lines(server, *served)))
        self.assert_served(server, server_lines(server, *served))

    def test_texts(self):
        self.converse([*TEXTS, "exit"])

    def test_clients_one_after_another(self):
        self.converse(["Hello", "exit"], ["exit"], ["héllo", "🎉", "exit"])

    def test_end_of_input_without_exit(self):
        self.converse(["Hello"], [], ["Hello again", "exit"])

    def test_a_million_ascii_characters(self):
        self.assertEqual(LONG_SIZE, len(LONG_ASCII.encode()))
        self.converse([LONG_ASCII, "exit"])

    def test_a_million_multibyte_characters(self):
        self.assertEqual(LONG_SIZE, len(LONG_MULTIBYTE))
        self.assertGreater(len(LONG_MULTIBYTE.encode()), LONG_SIZE)
        self.converse([LONG_MULTIBYTE, "exit"])


class ClientSide:
    """A client against a socket that reads and answers as the test says."""
    client_side = PYTHON

    def talk(self, script, typed):
        server = self.script(script)
        client = self.run_client(client_command(self.client_side, "walkthrough", server.port),
                                 typed)
        return server, client

    def test_bytes_sent(self):
        def script(sock):
            received = b""
            for message in ("héllo", "exit"):
                received += receive(sock, len(framed(message)))
                sock.sendall(framed(message))
            return received + receive_to_end(sock)

        server, client = self.talk(script, "héllo\nexit\n")
        self.assert_bytes(framed("héllo", "exit"), server.result())
        self.assert_lines(client_lines(server.port, ["héllo", "exit"]), client.lines(), client)

    def test_server_leaves_first(self):
        server = self.script(lambda sock: receive(sock, len(framed("Hello"))))
        client = self.start(client_command(self.client_side, "walkthrough", server.port))
        client.feed("Hello\n")
        self.assertIn(client.finish(), (0, 1), client.report())
        self.assert_bytes(framed("Hello"), server.result())
        self.assert_lines([f"Connected to server at 127.0.0.1:{server.port}",
                           f"{PROMPT}Sent to server: Hello",
                           "Server disconnected", "Connection closed."], client.lines(), client)


class PythonClientOurServer(Pair, InteropTest):
    server_side = OURS


class OurClientPythonServer(Pair, InteropTest):
    client_side = OURS


class OurClient(ClientSide, InteropTest):
    client_side = OURS

    def test_no_exit_is_sent_at_the_end_of_input(self):
        def script(sock):
            data = receive(sock, len(framed("Hello")))
            sock.sendall(framed("Hello"))
            return data + receive_to_end(sock)

        server, client = self.talk(script, "Hello\n")
        self.assert_bytes(framed("Hello"), server.result())
        self.assert_lines(client_lines(server.port, ["Hello"]), client.lines(), client)

    def test_reply_one_byte_at_a_time(self):
        def script(sock):
            for message in ("héllo 🎉", "exit"):
                receive(sock, len(framed(message)))
                send_bytewise(sock, framed(message))

        server, client = self.talk(script, "héllo 🎉\nexit\n")
        self.assert_lines(client_lines(server.port, ["héllo 🎉", "exit"]), client.lines(), client)


class OurSendPythonServer(InteropTest):

    def send_to_python(self, messages, *arguments):
        server = self.serve(PYTHON, "walkthrough")
        printed = self.send("walkthrough", server.port, *arguments)
        self.assert_bytes("".join(f"{message}\n" for message in messages).encode(), printed)
        address = server.find_address(CONNECTED)
        self.assert_served(server, server_lines(server, (address, messages)))

    def test_each_text(self):
        for text in TEXTS:
            with self.subTest(text):
                self.send_to_python([text], text)

    def test_several_messages(self):
        self.send_to_python(TEXTS, *TEXTS)

    def test_long_files(self):
        for text in (LONG_ASCII, LONG_MULTIBYTE):
            with self.subTest(text[:20]):
                self.send_to_python([text], "--file", self.file_with(text.encode()))


class OurSend(InteropTest):

    def test_missing_reply(self):
        server = self.script(lambda sock: receive(sock, len(framed("Hello"))))
        self.run_failing(send_command("walkthrough", server.port, "Hello"))
        self.assert_bytes(framed("Hello"), server.result())

    def test_late_reply(self):
        server = self.script(receive_to_end)
        self.run_failing(send_command("walkthrough", server.port, "Hello", timeout="200ms"))
        self.assert_bytes(framed("Hello"), server.result())

    def test_malformed_reply(self):
        def script(sock):
            receive(sock, len(framed("Hello")))
            sock.sendall(b"five chars" + b"Hello")

        server = self.script(script)
        self.run_failing(send_command("walkthrough", server.port, "Hello"))
        server.result()


class OurServer(InteropTest):

    def setUp(self):
        self.server = self.serve(OURS, "walkthrough")

    def exchange(self, sock, *messages):
        sock.sendall(framed(*messages))
        self.assert_bytes(framed(*messages), receive(sock, len(framed(*messages))))

    def assert_next_is_served(self, *earlier, errors=False):
        self.server.wait_for_lines(len(server_lines(self.server, *earlier)))
        sock = self.connect(self.server)
        self.exchange(sock, "next", "exit")
        self.assert_bytes(b"", receive_to_end(sock))
        clients = [*earlier, (sock.getsockname(), ["next", "exit"])]
        self.assert_served(self.server, server_lines(self.server, *clients), errors)

    def leave(self, sock):
        address = sock.getsockname()
        sock.close()
        return address

    def test_one_byte_at_a_time(self):
        messages = ["Hello", "", "héllo 🎉", "exit"]
        sock = self.connect(self.server)
        send_bytewise(sock, framed(*messages))
        self.assert_bytes(framed(*messages), receive_to_end(sock))
        self.assert_next_is_served((sock.getsockname(), messages))

    def test_many_messages_in_one_write(self):
        messages = [f"méssage {number}" for number in range(500)] + ["exit"]
        sock = self.connect(self.server)
        sock.sendall(framed(*messages))
        self.assert_bytes(framed(*messages), receive_to_end(sock))
        self.assert_next_is_served((sock.getsockname(), messages))

    def test_header_split_from_payload(self):
        messages = ["Hello", "wörld", "exit"]
        sock = self.connect(self.server)
        for message in messages:
            send_parts(sock, framed(message)[:10], framed(message)[10:])
            self.assert_bytes(framed(message), receive(sock, len(framed(message))))
        self.assert_bytes(b"", receive_to_end(sock))
        self.assert_next_is_served((sock.getsockname(), messages))

    def test_client_leaves_without_exit(self):
        sock = self.connect(self.server)
        self.exchange(sock, "Hello")
        self.assert_next_is_served((self.leave(sock), ["Hello"]))

    def test_client_leaves_without_a_word(self):
        self.assert_next_is_served((self.leave(self.connect(self.server)), []))

    def test_client_leaves_in_the_middle_of_a_frame(self):
        for part in (b"000", b"0000000005", b"0000000005Hel"):
            with self.subTest(part):
                self.server = self.serve(OURS, "walkthrough")
                sock = self.connect(self.server)
                self.exchange(sock, "Hello")
                sock.sendall(part)
                self.assert_next_is_served((self.leave(sock), ["Hello"]), errors=None)

    def test_what_cannot_be_a_message_ends_the_connection(self):
        for data in (b"00000000a5Hello", b"+000000005Hello", b"        5 Hello",
                     b"0000000005\xff\xfe\xfd\xfc\xfb"):
            with self.subTest(data):
                self.server = self.serve(OURS, "walkthrough")
                sock = self.connect(self.server)
                self.exchange(sock, "Hello")
                sock.sendall(data)
                self.assert_leaves(sock)
                self.assert_next_is_served_at_last()

    def assert_next_is_served_at_last(self):
        self.server.find_error("framewire serve: ")
        sock = self.connect(self.server)
        self.exchange(sock, "next", "exit")
        self.assert_bytes(b"", receive_to_end(sock))
        lines = server_lines(self.server, (sock.getsockname(), ["next", "exit"]))
        self.assert_served_at_last(self.server, lines[1:])

    def test_control_bytes_are_printed_escaped(self):
        sock = self.connect(self.server)
        self.exchange(sock, "two\nlines, \x1b[31mred\ttab", "exit")
        printed = [r"two\nlines, \x1b[31mred" + "\ttab", "exit"]
        self.assert_next_is_served((sock.getsockname(), printed))

    def test_many_clients_at_once(self):
        socks = [self.connect(self.server) for _ in range(20)]
        for sock in reversed(socks):
            self.exchange(sock, "Hello")
        for sock in socks:
            self.exchange(sock, "exit")
            self.assert_bytes(b"", receive_to_end(sock))
        self.server.wait_for_lines(1 + 4 * len(socks))
        self.assert_ends_well(self.server)
        clients = [(sock.getsockname(), ["Hello", "exit"]) for sock in socks]
        self.assert_lines(sorted(server_lines(self.server, *clients)),
                          sorted(self.server.lines()), self.server)


if __name__ == "__main__":
    unittest.main()
