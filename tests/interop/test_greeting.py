"""`greeting` against the Python programs and against raw sockets: sixteen bytes each way, once,
and the sentence that either end owes to a peer that closes early.
"""
import unittest

from harness import InteropTest, LONG_ASCII, receive, receive_to_end, send_bytewise, send_parts
from programs import HOST, OURS, PYTHON, client_command, send_command

MESSAGES = ["Greetings,server", "Sixteen bytes...", "héllo wörld...", "🎉 four bytes!",
            "it's 16 \"bytes\"!"]
REFUSED = ["Hello", "fifteen bytes..", "seventeen bytes..", "héllo wörld, 16!"]
REPLY = b"Goodbye, client!"
WAITING = "Waiting for a new connection"


def too_early(count):
    return f"was expecting 16 bytes but only received {count} bytes before the socket closed"


def server_lines(server, *clients):
    """The server's console after `clients`, each an address and its message, or how many bytes
    came before it closed."""
    here = (HOST, server.port)
    lines = [f"Listening at {here}", WAITING]
    for address, message in clients:
        lines += [f"Connection from {address}",
                  f"  Socket name: {here}",
                  f"  Socket peer: {address}",
                  f"  {too_early(message)}" if isinstance(message, int)
                  else f"  message from client: {message}",
                  "  Closing socket",
                  WAITING]
    return lines


def client(side, port, message):
    """A command and what is typed into it; with no message, both send `Greetings,server`."""
    if side == PYTHON:
        return client_command(side, "greeting", port, *[message] * bool(message)), ""
    return client_command(side, "greeting", port), f"{message}\n" if message else ""


def client_lines(address):
    return [f"Client has been assigned the socket {address}", f"The server said {REPLY}"]


class Pair:
    """The conversations that go the same whichever end is ours."""
    server_side = client_side = PYTHON

    def test_messages_one_after_another(self):
        self.assertEqual({16}, {len(message.encode()) for message in MESSAGES})
        server = self.serve(self.server_side, "greeting")
        served = []
        for number, message in enumerate(["", *MESSAGES]):
            speaker = self.run_client(*client(self.client_side, server.port, message))
            address = server.find_address("Connection from @", number)
            self.assert_lines(client_lines(address), speaker.lines(), speaker)
            served.append((address, (message or "Greetings,server").encode()))
            server.wait_for_lines(len(server_lines(server, *served)))
        self.assert_served(server, server_lines(server, *served))


class ServerSide:
    """A server against a socket that writes as the test says."""
    server_side = PYTHON

    def test_client_closes_early(self):
        for data in (b"", b"Greetin", b"Greetings,serve"):
            with self.subTest(data):
                server = self.serve(self.server_side, "greeting")
                sock = self.connect(server)
                sock.sendall(data)
                early = (sock.getsockname(), len(data))
                sock.close()
                self.assert_next_is_served(server, early, errors=None)

    def test_client_sends_no_more_but_reads(self):
        server = self.serve(self.server_side, "greeting")
        sock = self.connect(server)
        sock.sendall(b"Greetin")
        sock.shutdown(1)
        self.assert_bytes(b"", receive_to_end(sock))
        self.assert_next_is_served(server, (sock.getsockname(), 7), errors=None)

    def test_one_byte_at_a_time(self):
        server = self.serve(self.server_side, "greeting")
        sock = self.connect(server)
        send_bytewise(sock, b"Greetings,server")
        self.assert_bytes(REPLY, receive_to_end(sock))
        self.assert_next_is_served(server, (sock.getsockname(), b"Greetings,server"))

    def test_message_in_two_parts(self):
        server = self.serve(self.server_side, "greeting")
        sock = self.connect(server)
        send_parts(sock, b"Greetin", b"gs,server")
        self.assert_bytes(REPLY, receive_to_end(sock))
        self.assert_next_is_served(server, (sock.getsockname(), b"Greetings,server"))

    def test_bytes_that_are_not_text(self):
        data = bytes(range(12)) + b"\xff\\\"'"
        server = self.serve(self.server_side, "greeting")
        sock = self.connect(server)
        sock.sendall(data)
        self.assert_bytes(REPLY, receive_to_end(sock))
        self.assert_next_is_served(server, (sock.getsockname(), data))

    def assert_next_is_served(self, server, *earlier, errors=False):
        server.wait_for_lines(len(server_lines(server, *earlier)))
        sock = self.connect(server)
        sock.sendall(b"The next of them")
        self.assert_bytes(REPLY, receive_to_end(sock))
        clients = [*earlier, (sock.getsockname(), b"The next of them")]
        self.assert_served(server, server_lines(server, *clients), errors)


class ClientSide:
    """A client against a socket that reads and answers as the test says."""
    client_side = PYTHON

    def test_bytes_sent(self):
        def script(sock):
            data = receive(sock, 16)
            send_bytewise(sock, REPLY)
            return data + receive_to_end(sock)

        server = self.script(script)
        speaker = self.run_client(*client(self.client_side, server.port, "héllo wörld..."))
        self.assert_bytes("héllo wörld...".encode(), server.result())
        self.assert_lines(client_lines(server.client), speaker.lines(), speaker)

    def test_server_closes_early(self):
        for reply in (b"", b"Goodbye", REPLY[:15]):
            with self.subTest(reply):
                def script(sock):
                    data = receive(sock, 16)
                    sock.sendall(reply)
                    return data

                server = self.script(script)
                speaker = self.run_failing(*client(self.client_side, server.port, MESSAGES[0]))
                self.assert_bytes(MESSAGES[0].encode(), server.result())
                self.assert_lines(client_lines(server.client)[:1], speaker.lines(), speaker)
                self.assertIn(too_early(len(reply)), speaker.err.decode(), speaker.report())

    def test_message_of_another_size_is_refused(self):
        for message in REFUSED:
            with self.subTest(message):
                server = self.script(receive_to_end)
                self.assert_refused(server, *client(self.client_side, server.port, message))

    def assert_refused(self, server, command, typed=""):
        """The first connection that the server sees brings nothing: the client's, if it has come
        at all, or else the one made here."""
        refused = self.run_failing(command, typed, statuses=(1, 2))
        self.connect(server).close()
        self.assert_bytes(b"", server.result())
        self.assertNotIn(b"The server said", refused.out, refused.report())
        self.assertIn(b"16", refused.err, refused.report())


class PythonClientOurServer(Pair, InteropTest):
    server_side = OURS


class OurClientPythonServer(Pair, InteropTest):
    client_side = OURS


class OurClient(ClientSide, InteropTest):
    client_side = OURS

    def test_a_million_characters_are_refused(self):
        server = self.script(receive_to_end)
        self.assert_refused(server, *client(OURS, server.port, LONG_ASCII))

    def test_send_refuses_as_well(self):
        for message in ["", *REFUSED]:
            with self.subTest(message):
                server = self.script(receive_to_end)
                self.assert_refused(server, send_command("greeting", server.port, message))

    def test_send_refuses_a_file_of_a_million_bytes(self):
        server = self.script(receive_to_end)
        file = self.file_with(LONG_ASCII.encode())
        self.assert_refused(server, send_command("greeting", server.port, "--file", file))


class OurSend(InteropTest):

    def test_each_message_to_the_python_server(self):
        server = self.serve(PYTHON, "greeting")
        served = []
        for number, message in enumerate(MESSAGES):
            self.assert_bytes(REPLY + b"\n", self.send("greeting", server.port, message))
            served.append((server.find_address("Connection from @", number), message.encode()))
            server.wait_for_lines(len(server_lines(server, *served)))
        self.assert_served(server, server_lines(server, *served))

    def test_a_file_to_the_python_server(self):
        server = self.serve(PYTHON, "greeting")
        file = self.file_with(b"\xff\x00 sixteen bytes"[:16])
        self.assert_bytes(REPLY + b"\n", self.send("greeting", server.port, "--file", file))
        served = (server.find_address("Connection from @"), b"\xff\x00 sixteen bytes"[:16])
        self.assert_served(server, server_lines(server, served))

    def test_missing_reply(self):
        server = self.script(lambda sock: receive(sock, 16))
        self.run_failing(send_command("greeting", server.port, MESSAGES[0]))
        self.assert_bytes(MESSAGES[0].encode(), server.result())

    def test_late_reply(self):
        server = self.script(receive_to_end)
        self.run_failing(send_command("greeting", server.port, MESSAGES[0], timeout="200ms"))
        self.assert_bytes(MESSAGES[0].encode(), server.result())


class OurServer(ServerSide, InteropTest):
    server_side = OURS

    def test_two_messages_in_one_write(self):
        server = self.serve(OURS, "greeting")
        sock = self.connect(server)
        sock.sendall(b"Greetings,serverGreetings,server")
        self.assert_bytes(REPLY, receive(sock, len(REPLY)))
        self.assert_leaves(sock)
        self.assert_next_is_served(server, (sock.getsockname(), b"Greetings,server"), errors=None)

    def test_many_clients_at_once(self):
        server = self.serve(OURS, "greeting")
        socks = [self.connect(server) for _ in range(20)]
        for sock in reversed(socks):
            sock.sendall(b"Greetings,server")
            self.assert_bytes(REPLY, receive_to_end(sock))
        clients = [(sock.getsockname(), b"Greetings,server") for sock in socks]
        expected = server_lines(server, *clients)
        server.wait_for_lines(len(expected))
        self.assert_ends_well(server)
        self.assert_lines(sorted(expected), sorted(server.lines()), server)


if __name__ == "__main__":
    unittest.main()
