"""`framewire proxy`: what passes between a client and a server, and how either end ends."""
import select
import socket
import threading
import unittest

from command_line import HOST, TIMEOUT, receive, receive_to_end
from certificates import Certificates
from programs import PYTHON, client_command
from proxying import Listener, ProxyTest, frame

MIB = 1 << 20


class Messages(ProxyTest):

    def test_pass_both_ways_untouched(self):
        proxy, client, server = self.between()
        client.sendall(frame(b"Hello") + frame(b""))
        self.assert_gets(server, frame(b"Hello") + frame(b""))
        server.sendall(frame(b"one") + frame(b"two"))
        self.assert_gets(client, frame(b"one") + frame(b"two"))
        client.close()
        self.assert_ended(server)
        server.close()
        self.stop(proxy)

    def test_pass_as_they_come(self):
        """A part of a message does not wait for the rest."""
        _, client, server = self.between()
        for part in (b"0000", b"000005He", b"l", b"lo000000"):
            client.sendall(part)
            self.assert_gets(server, part)

    def test_keep_an_encoding_that_is_not_ours(self):
        """Lines may end with LF alone, and stay as they are."""
        _, client, server = self.between(framing="line,eol=crlf")
        client.sendall(b"one\ntwo\r\nthree\n")
        self.assert_gets(server, b"one\ntwo\r\nthree\n")

    def test_pass_from_the_server_first(self):
        _, client, server = self.between()
        server.sendall(frame(b"welcome"))
        self.assert_gets(client, frame(b"welcome"))

    def test_of_many_connections(self):
        port = self.server("digits:10", "--quiet").port
        proxy = self.proxy(port, "--threads", "2")
        socks = [self.connect(proxy) for _ in range(50)]
        for number, sock in enumerate(socks):
            sock.sendall(frame(b"%d" % number) * 20)
        for number, sock in enumerate(socks):
            self.assert_gets(sock, frame(b"%d" % number) * 20)


class Limits(ProxyTest):

    def test_of_connections(self):
        """One more is refused, or takes the place of one that is silent."""
        for words, error in ((("--max-per-address", "1"), "limit.address"),
                             (("--max-connections", "1"), "limit.connections")):
            with self.subTest(words=words):
                proxy, client, server = self.between(*words)
                client.sendall(frame(b"Hello"))
                self.assert_gets(server, frame(b"Hello"))
                second = self.connect(proxy)
                ended, _, _ = select.select([client, second], [], [], TIMEOUT)
                self.assertEqual(1, len(ended))
                for sock in (client, second, server):
                    sock.close()
                self.assertRegex(self.stop(proxy), f"{error}|limit.evicted")


class Framings(ProxyTest):

    def test_are_changed_both_ways(self):
        _, client, server = self.between("--to", "u32be")
        client.sendall(frame(b"Hello") + frame(b"") + frame(b"again"))
        self.assert_gets(server, b"\0\0\0\5Hello" b"\0\0\0\0" b"\0\0\0\5again")
        server.sendall(b"\0\0\0\2Hi\0\0\0\1!")
        self.assert_gets(client, frame(b"Hi") + frame(b"!"))

    def test_of_a_large_message_are_changed_as_it_comes(self):
        _, client, server = self.between("--to", "u32be")
        client.sendall(b"1000000000" + b"x" * 100_000)
        self.assert_gets(server, (1_000_000_000).to_bytes(4, "big") + b"x" * 100_000)

    def test_with_lengths_come_from_lines_of_a_bounded_size(self):
        proxy, client, server = self.between("--to", "u32be", "--max-payload", "1KiB",
                                             framing="line")
        client.sendall(b"x" * 500)
        client.sendall(b"x" * 524 + b"\nyes\n")
        self.assert_gets(server, (1024).to_bytes(4, "big") + b"x" * 1024 + b"\0\0\0\3yes")
        client.sendall(b"y" * 1025)
        self.assert_ended(server)
        proxy.find_error("frame.too_large at 1029: the message has more than the 1024 bytes")

    def test_count_characters_on_one_side(self):
        _, client, server = self.between("--to", "digits:4", framing="digits:4,count=chars")
        text = "h\u00e9llo".encode()
        client.sendall(b"0005" + text[:2])
        client.sendall(text[2:])
        self.assert_gets(server, b"0006" + text)
        server.sendall(b"0006" + text)
        self.assert_gets(client, b"0005" + text)

    def test_differ_by_direction(self):
        _, client, server = self.between("--to", "u8,reply=line", framing="line,reply=u16be")
        client.sendall(b"question\n")
        self.assert_gets(server, b"\x08question")
        server.sendall(b"answer\n")
        self.assert_gets(client, b"\0\6answer")

    def test_that_cannot_hold_a_message_end_the_connection(self):
        proxy, client, server = self.between("--to", "line", framing="u32be")
        client.sendall(b"\0\0\0\3one" b"\0\0\0\3a\nb")
        self.assert_gets(server, b"one\n")
        self.assert_ended(client)
        self.assert_ended(server)
        proxy.find_error("frame.delimiter at 7: a payload of 3 bytes contains the delimiter")

    def test_that_cannot_hold_a_message_may_skip_it(self):
        _, client, server = self.between("--to", "line", "--misfit", "skip", framing="u32be")
        client.sendall(b"\0\0\0\3one" b"\0\0\0\3a\nb" b"\0\0\0\3two")
        self.assert_gets(server, b"one\ntwo\n")

    def test_of_a_walkthrough_and_back(self):
        """Through two proxies a client of ten digits notices nothing."""
        back = self.server("--framing", "digits:10,count=chars", "--quiet")
        inner = self.proxy(back.port, "--to", "digits:10,count=chars", framing="u32be")
        outer = self.proxy(inner.port, "--to", "u32be", framing="digits:10,count=chars")
        texts = ["Hello", "héllo wörld", "", "🎉" * 1000, "x" * 300_000]
        done = self.assert_done("send", "--framing", "digits:10,count=chars",
                                f"{HOST}:{outer.port}", "--", *texts[:4])
        self.assertEqual("".join(text + "\n" for text in texts[:4]).encode(), done)
        done = self.assert_done("send", "--framing", "digits:10,count=chars",
                                f"{HOST}:{outer.port}", "--file", "-", data=texts[4].encode())
        self.assertEqual(texts[4].encode() + b"\n", done)

    def test_are_no_concern_of_the_client_of_the_walkthrough(self):
        back = self.serve(PYTHON, "walkthrough")
        inner = self.proxy(back.port, "--to", "digits:10,count=chars", framing="u32be")
        outer = self.proxy(inner.port, "--to", "u32be", framing="digits:10,count=chars")
        client = self.run_client(client_command(PYTHON, "walkthrough", outer.port),
                                 "Hello\nhéllo wörld\nexit\n")
        for text in ("Hello", "héllo wörld", "exit"):
            self.assertIn(f"Server echoed: {text}\n", bytes(client.out).decode())


class Ends(ProxyTest):

    def test_of_a_stream_pass_and_the_other_stays_open(self):
        proxy, client, server = self.between()
        client.sendall(frame(b"last"))
        client.shutdown(socket.SHUT_WR)
        self.assertEqual(frame(b"last"), receive_to_end(server))
        server.sendall(frame(b"answer"))
        self.assert_gets(client, frame(b"answer"))
        server.shutdown(socket.SHUT_WR)
        self.assert_ended(client)
        self.assertNotIn("framewire", self.stop(proxy))

    def test_of_the_servers_stream_pass(self):
        _, client, server = self.between()
        server.shutdown(socket.SHUT_WR)
        self.assert_ended(client)
        client.sendall(frame(b"still"))
        self.assert_gets(server, frame(b"still"))

    def test_that_are_resets_pass_as_such(self):
        for is_client in (True, False):
            with self.subTest(is_client=is_client):
                proxy, *ends = self.between()
                one, other = ends if is_client else reversed(ends)
                one.sendall(frame(b"Hello"))
                self.assert_gets(other, frame(b"Hello"))
                self.reset(one)
                self.assert_reset(other)
                proxy.find_error("io.reset" if is_client else "the server: io.reset")

    def test_inside_a_message_reset_the_other_side(self):
        proxy, client, server = self.between()
        client.sendall(b"0000000005He")
        self.assert_gets(server, b"0000000005He")
        client.shutdown(socket.SHUT_WR)
        self.assert_reset(server)
        proxy.find_error("frame.truncated at 12")

    def test_with_a_wrong_header_after_what_came_before(self):
        proxy, client, server = self.between()
        client.sendall(frame(b"good") + b"+000000001x")
        self.assertEqual(frame(b"good"), receive_to_end(server))
        self.assert_ended(client)
        proxy.find_error("frame.length_syntax at 14")

    def test_with_a_wrong_reply(self):
        proxy, client, server = self.between()
        server.sendall(frame(b"good") + b"HTTP/1.1 400 Bad Request\r\n")
        self.assertEqual(frame(b"good"), receive_to_end(client))
        self.assert_ended(server)
        proxy.find_error("the server: frame.syntax at 14: \"HTTP/1.1 400")

    def test_without_a_server(self):
        proxy = self.proxy(1)  # where nobody listens
        with self.assertRaises(ConnectionResetError):  # perhaps while it connects
            self.connect(proxy).recv(1)
        proxy.find_error(": the server: io.failed at 0: cannot connect to 127.0.0.1:1: ")

    def test_let_what_was_sent_be_answered(self):
        """SIGTERM ends the client's stream towards the server, whose answer still comes."""
        proxy, client, server = self.between()
        client.sendall(frame(b"question"))
        self.assert_gets(server, frame(b"question"))
        proxy.child.terminate()
        self.assert_ended(server)
        server.sendall(frame(b"answer"))
        server.close()
        self.assertEqual(frame(b"answer"), receive_to_end(client))
        client.close()
        self.assertEqual(0, proxy.finish(), proxy.report())


class Pressure(ProxyTest):

    def push(self, sock, data):
        """Until nothing more is taken; how much was."""
        sock.settimeout(0.5)
        taken = 0
        try:
            while taken < 64 * MIB:
                taken += sock.send(data)
        except TimeoutError:
            pass
        return taken

    def test_of_a_slow_end_reaches_the_other(self):
        for words in ((), ("--to", "u32be"), ("--fault", "drop nth=1000000"),
                      ("--when", "zzz", "--reply", "exec:cat")):
            for is_client in (True, False):
                with self.subTest(words=words, is_client=is_client):
                    proxy, client, server = self.between(*words)
                    message = (frame(b"x" * 65536) if is_client or "--to" not in words
                               else b"\0\1\0\0" + b"x" * 65536)
                    taken = self.push(client if is_client else server, message)
                    self.assertLess(taken, 64 * MIB)
                    self.assertLess(self.memory(proxy), 64 * MIB)
                    proxy.child.kill()

    def test_of_one_direction_does_not_stop_the_other(self):
        proxy, client, server = self.between()
        self.push(server, frame(b"x" * 65536))
        client.sendall(frame(b"still there"))
        self.assert_gets(server, frame(b"still there"))
        self.assertLess(self.memory(proxy), 64 * MIB)

    def test_stays_small_for_a_message_of_any_size(self):
        proxy, client, server = self.between("--to", "u32be")
        size = 200 * MIB
        got = bytearray(4)

        def read():
            got[:] = receive(server, 4)
            left = size
            while left:
                left -= len(server.recv(1 << 20))

        reader = threading.Thread(target=read)
        reader.start()
        client.sendall(b"%010d" % size)
        for _ in range(size // MIB):
            client.sendall(bytes(MIB))
        reader.join()
        self.assertEqual(size, int.from_bytes(got, "big"))
        self.assertLess(self.memory(proxy), 64 * MIB)


class Secured(ProxyTest):

    @classmethod
    def setUpClass(cls):
        cls.certificates = Certificates()
        cls.addClassCleanup(cls.certificates.remove)

    def test_on_the_side_of_the_clients(self):
        server = self.server("digits:10", "--quiet")
        proxy = self.proxy(server.port, *self.certificates.shown())
        done = self.assert_done("send", "digits:10", f"localhost:{proxy.port}",
                                *self.certificates.trusted(), "Hello")
        self.assertEqual(b"Hello\n", done)

    def test_on_the_side_of_the_server(self):
        server = self.server("digits:10", "--quiet", *self.certificates.shown())
        proxy = self.proxy(server.port, *self.certificates.trusted(), "--tls-name", "localhost")
        done = self.assert_done("send", "digits:10", f"{HOST}:{proxy.port}", "Hello")
        self.assertEqual(b"Hello\n", done)

    def test_and_not_trusted(self):
        server = self.server("digits:10", *self.certificates.shown())
        proxy = self.proxy(server.port, "--tls")
        with self.connect(proxy) as client:
            client.sendall(frame(b"Hello"))
            self.assertRaises((EOFError, ConnectionResetError), receive, client, 1)
        proxy.find_error("the server: tls.")


class Usage(ProxyTest):

    def test_that_is_wrong(self):
        for words, parts in (
                (("digits:10", ":7000"), ("where is the server?", "HOST:PORT")),
                (("digits:10", ":7000", ":7001", ":7002"), ("listens at one address",)),
                (("digits:10", ":7000", ":7001", "--to", "digit:10"), ("--to: ",)),
                (("digits:10", ":7000", ":7001", "--misfit", "both"), ("neither close nor skip",)),
                (("digits:10", ":7000", ":7001", "--fault", "explode"), ("'explode'",)),
                (("digits:10", ":7000", ":7001", "--", "x"), ("takes no messages",)),
                (("digits:10", ":7000", ":7001", "--when", "x"), ("--when is given 1 times",)),
                (("digits:10", ":7000", ":7001", "--reply", "x"), ("--when is given 0 times",)),
                (("digits:10", ":7000", ":7001", "--when", "/(/", "--reply", "x"), ("(",)),
                (("digits:10", ":7000", ":7001", "--rewrite", "s/x"), ("'s/x' is not understood",)),
                (("digits:10", ":7000", ":7001", "--rewrite", "s/(/x/"), ("(",)),
                (("digits:10", ":7000", ":7001", "--rewrite", r"s/a/\q/"), ("not understood",)),
        ):
            with self.subTest(words=words):
                self.assert_fails(2, ("proxy", *words), *parts)

    def test_of_a_name_that_is_not_known(self):
        self.assert_fails(1, ("proxy", "digits:10", f"{HOST}:0", "nobody.invalid:1"), "nobody")

    def test_of_an_address_that_is_taken(self):
        taken = Listener(self)
        self.assert_fails(1, ("proxy", "digits:10", f"{HOST}:{taken.port}", f"{HOST}:1"),
                          "in use")


if __name__ == "__main__":
    unittest.main()
