"""`acknowledge` against the Python programs and against raw sockets: sixty-four bytes of header
that count bytes, one fixed answer to everything. The Python ends read header and payload with one
`recv` each, so they get no more than TCP delivers in one piece.
"""
import unittest

from harness import (InteropTest, LONG_ASCII, LONG_MULTIBYTE, TEXTS, receive, receive_to_end,
                     send_bytewise, send_parts)
from programs import OURS, PYTHON, client_command, send_command

GOODBYE = "Disconnect !"
ANSWER = "Message received successfully...."
NEW = "[NEW CONNECTION] @ connected."
SIZE_MAX = 16 * 1024
IN_ONE_RECV = ["x" * 1024, "🎉" * (SIZE_MAX // 4), "x" * SIZE_MAX]


def framed(*messages):
    return b"".join(f"{len(data):<64}".encode() + data
                    for data in (message.encode() for message in messages))


def started():
    return ["[STARTING] server is starting...", "[LISTENING] Server is listening on 127.0.0.1"]


def arrived(address, active=1):
    return [f"[NEW CONNECTION] {address} connected.", f"[ACTIVE CONNECTION] {active}"]


def said(address, *messages):
    return [f"[{address}] {message}" for message in messages]


def typed(messages):
    return "".join(f"{message}\n" for message in messages)


class Pair:
    """The conversations that go the same whichever end is ours."""
    server_side = client_side = PYTHON

    def converse(self, *conversations):
        server = self.serve(self.server_side, "acknowledge")
        expected = started()
        for number, lines in enumerate(conversations):
            messages = [*lines[:-1], GOODBYE] if lines[-1:] == ["exit"] else [*lines, GOODBYE]
            client = self.run_client(self.client(server), typed(lines))
            self.assert_lines([ANSWER] * len(messages), client.lines(), client)
            address = server.find_address(NEW, number)
            expected += arrived(address) + said(address, *messages)
            server.wait_until_all_left()
        self.assert_served(server, expected)

    def client(self, server):
        return client_command(self.client_side, "acknowledge", server.port)

    def test_texts(self):
        self.converse([*TEXTS, "exit"])

    def test_clients_one_after_another(self):
        self.converse(["Hello, this is a client !", "exit"], ["exit"], ["héllo", "🎉"], [])

    def test_as_much_as_one_recv_brings(self):
        self.assertEqual(SIZE_MAX, max(len(text.encode()) for text in IN_ONE_RECV))
        self.converse([*IN_ONE_RECV, "exit"])

    def test_two_clients_at_once(self):
        server = self.serve(self.server_side, "acknowledge")
        expected = started()
        clients = []
        for number in range(2):
            client = self.start(self.client(server))
            client.feed("Hello\n", last=False)
            client.wait_for_lines(1)
            address = server.find_address(NEW, number)
            clients.append((client, address))
            expected += arrived(address, number + 1) + said(address, "Hello")
        for client, address in clients:
            client.feed("exit\n")
            self.assertEqual(0, client.finish(), client.report())
            self.assert_lines([ANSWER] * 2, client.lines(), client)
            expected += said(address, GOODBYE)
        self.assert_served(server, expected)


class ClientSide:
    """A client against a socket that reads and answers as the test says."""
    client_side = PYTHON

    def talk(self, answer, messages):
        def script(sock):
            received = b""
            for message in [*messages, GOODBYE]:
                received += receive(sock, len(framed(message)))
                answer(sock, framed(ANSWER))
            return received + receive_to_end(sock)

        server = self.script(script)
        client = self.run_client(client_command(self.client_side, "acknowledge", server.port),
                                 typed(messages))
        self.assert_bytes(framed(*messages, GOODBYE), server.result())
        self.assert_lines([ANSWER] * (len(messages) + 1), client.lines(), client)

    def test_bytes_sent(self):
        self.talk(lambda sock, data: sock.sendall(data), ["Hello", "héllo wörld 🎉", ""])

    def test_header_of_the_answer_split_from_its_payload(self):
        self.talk(lambda sock, data: send_parts(sock, data[:64], data[64:]), ["Hello", "again"])


class ServerSide:
    """A server against a socket that writes as the test says."""
    server_side = PYTHON

    def setUp(self):
        self.server = self.serve(self.server_side, "acknowledge")

    def exchange(self, sock, *messages):
        for message in messages:
            sock.sendall(framed(message))
            self.assert_answered(sock, 1)

    def assert_answered(self, sock, times):
        self.assert_bytes(framed(ANSWER) * times, receive(sock, len(framed(ANSWER)) * times))

    def leave(self, sock):
        """Closes, and waits until the server no longer counts it; returns its address."""
        address = sock.getsockname()
        sock.close()
        self.server.wait_until_all_left()
        return address

    def assert_next_is_served(self, *earlier, errors=False):
        self.server.wait_for_lines(len(started()) + len(earlier))
        sock = self.connect(self.server)
        self.exchange(sock, "next", GOODBYE)
        self.assert_bytes(b"", receive_to_end(sock))
        address = sock.getsockname()
        self.assert_served(self.server, [*started(), *earlier, *arrived(address),
                                         *said(address, "next", GOODBYE)], errors)

    def test_header_split_from_payload(self):
        sock = self.connect(self.server)
        for message in ("Hello", "wörld", GOODBYE):
            send_parts(sock, framed(message)[:64], framed(message)[64:])
            self.assert_answered(sock, 1)
        self.assert_bytes(b"", receive_to_end(sock))
        address = self.leave(sock)
        self.assert_next_is_served(*arrived(address), *said(address, "Hello", "wörld", GOODBYE))

    def test_client_leaves_without_goodbye(self):
        sock = self.connect(self.server)
        self.exchange(sock, "Hello")
        address = self.leave(sock)
        self.assert_next_is_served(*arrived(address), *said(address, "Hello"))

    def test_client_leaves_without_a_word(self):
        sock = self.connect(self.server)
        self.server.find_address(NEW)
        self.assert_next_is_served(*arrived(self.leave(sock)))

    def test_many_clients_at_once(self):
        expected = started()
        socks = []
        for number in range(20):
            socks.append(self.connect(self.server))
            self.exchange(socks[-1], "Hello")
            address = socks[-1].getsockname()
            expected += arrived(address, number + 1) + said(address, "Hello")
        for sock in reversed(socks):
            self.exchange(sock, GOODBYE)
            expected += said(sock.getsockname(), GOODBYE)
        self.assert_served(self.server, expected)


class PythonClientOurServer(Pair, InteropTest):
    server_side = OURS


class OurClientPythonServer(Pair, InteropTest):
    client_side = OURS


class OurClient(ClientSide, InteropTest):
    client_side = OURS

    def test_answer_one_byte_at_a_time(self):
        self.talk(send_bytewise, ["Hello"])

    def test_a_million_characters_are_sent_whole(self):
        self.talk(lambda sock, data: sock.sendall(data), [LONG_ASCII, LONG_MULTIBYTE])

    def test_with_our_server(self):
        server = self.serve(OURS, "acknowledge")
        client = self.run_client(client_command(OURS, "acknowledge", server.port),
                                 typed([LONG_ASCII]))
        self.assert_lines([ANSWER] * 2, client.lines(), client)
        address = server.find_address(NEW)
        self.assert_served(server, started() + arrived(address)
                           + said(address, LONG_ASCII, GOODBYE))


class OurSend(InteropTest):

    def send_to_python(self, messages, *arguments):
        server = self.serve(PYTHON, "acknowledge")
        printed = self.send("acknowledge", server.port, *arguments)
        self.assert_bytes(f"{ANSWER}\n".encode() * len(messages), printed)
        address = server.find_address(NEW)
        self.assert_served(server, started() + arrived(address) + said(address, *messages))

    def test_each_text(self):
        for text in TEXTS:
            with self.subTest(text):
                self.send_to_python([text], text)

    def test_several_messages(self):
        self.send_to_python(TEXTS, *TEXTS)

    def test_files(self):
        for text in IN_ONE_RECV:
            with self.subTest(text[:20]):
                self.send_to_python([text], "--file", self.file_with(text.encode()))

    def test_missing_reply(self):
        server = self.script(lambda sock: receive(sock, len(framed("Hello"))))
        self.run_failing(send_command("acknowledge", server.port, "Hello"))
        self.assert_bytes(framed("Hello"), server.result())

    def test_late_reply(self):
        server = self.script(receive_to_end)
        self.run_failing(send_command("acknowledge", server.port, "Hello", timeout="200ms"))
        self.assert_bytes(framed("Hello"), server.result())

    def test_malformed_reply(self):
        def script(sock):
            receive(sock, len(framed("Hello")))
            sock.sendall(framed(ANSWER).replace(b"33 ", b"33;"))

        server = self.script(script)
        self.run_failing(send_command("acknowledge", server.port, "Hello"))
        server.result()


class OurServer(ServerSide, InteropTest):
    server_side = OURS

    def test_one_byte_at_a_time(self):
        messages = ["Hello", "", "wörld 🎉", GOODBYE]
        sock = self.connect(self.server)
        send_bytewise(sock, framed(*messages))
        self.assert_bytes(framed(ANSWER) * len(messages), receive_to_end(sock))
        address = self.leave(sock)
        self.assert_next_is_served(*arrived(address), *said(address, *messages))

    def test_many_messages_in_one_write(self):
        messages = [f"méssage {number}" for number in range(500)] + [GOODBYE]
        sock = self.connect(self.server)
        sock.sendall(framed(*messages))
        self.assert_bytes(framed(ANSWER) * len(messages), receive_to_end(sock))
        address = self.leave(sock)
        self.assert_next_is_served(*arrived(address), *said(address, *messages))

    def test_a_million_characters(self):
        messages = [LONG_ASCII, LONG_MULTIBYTE, GOODBYE]
        sock = self.connect(self.server)
        self.exchange(sock, *messages)
        address = self.leave(sock)
        self.assert_next_is_served(*arrived(address), *said(address, *messages))

    def test_client_leaves_in_the_middle_of_a_frame(self):
        for part in (framed("Hello")[:3], framed("Hello")[:64], framed("Hello")[:66]):
            with self.subTest(part):
                self.server = self.serve(OURS, "acknowledge")
                sock = self.connect(self.server)
                self.exchange(sock, "Hello")
                sock.sendall(part)
                address = self.leave(sock)
                self.assert_next_is_served(*arrived(address), *said(address, "Hello"),
                                           errors=None)

    def test_what_cannot_be_a_header_ends_the_connection(self):
        for header in (b"5 5", b" 5", b"+5", b"0x5", b""):
            with self.subTest(header):
                self.server = self.serve(OURS, "acknowledge")
                sock = self.connect(self.server)
                sock.sendall(header.ljust(64) + b"Hello")
                self.assert_leaves(sock)
                self.server.find_error("framewire serve: ")
                address = self.leave(sock)
                self.assert_next_is_served(*arrived(address), errors=True)


if __name__ == "__main__":
    unittest.main()
