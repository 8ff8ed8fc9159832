"""`framewire proxy --when --reply` and `--rewrite`."""
import select
import socket
import unittest

from command_line import TIMEOUT, receive_to_end
from proxying import Listener, ProxyTest, frame


class Rules(ProxyTest):

    def test_answer_in_place_of_the_server(self):
        _, client, server = self.between("--when", "ping", "--reply", "pong\\n",
                                         "--when", "/^[0-9]+$/", "--reply", "a number")
        client.sendall(frame(b"a ping") + frame(b"Hello") + frame(b"42"))
        self.assert_gets(server, frame(b"Hello"))
        self.assert_gets(client, frame(b"pong\n") + frame(b"a number"))
        server.sendall(frame(b"ping"))
        self.assert_gets(client, frame(b"ping"))

    def test_rewrite_payloads_and_their_lengths(self):
        _, client, server = self.between("--rewrite", "s/colou?r/<&>/g",
                                         "--rewrite", r"s|(a)(b)|\2\1\x21|")
        client.sendall(frame(b"color, colour") + frame(b"abab") + frame(b""))
        self.assert_gets(server, frame(b"<color>, <colour>") + frame(b"ba!ab") + frame(b""))
        server.sendall(frame(b"color"))
        self.assert_gets(client, frame(b"<color>"))

    def test_rewrite_bytes_of_any_value(self):
        _, client, server = self.between("--rewrite", r"s/a.c/\0\&/", framing="u8")
        client.sendall(b"\4xa\0c" b"\3abc")
        self.assert_gets(server, b"\3x\0&" b"\2\0&")

    def test_leave_other_encodings_as_they_are(self):
        _, client, server = self.between("--rewrite", "s/one/1/", framing="line,eol=crlf")
        client.sendall(b"one\ntwo\n")
        self.assert_gets(server, b"1\r\ntwo\r\n")

    def test_come_before_faults(self):
        _, client, server = self.between("--rewrite", "s/x/y/", "--fault", "drop when=y",
                                         "--when", "ping", "--reply", "pong")
        client.sendall(frame(b"x") + frame(b"ping") + frame(b"z"))
        self.assert_gets(server, frame(b"z"))
        self.assert_gets(client, frame(b"pong"))


class Programs(ProxyTest):

    def test_answer_in_place_of_the_server_and_in_order(self):
        _, client, server = self.between("--when", "slow", "--reply", "exec:sleep 0.2; tr a-z A-Z",
                                         "--when", "ping", "--reply", "pong")
        client.sendall(frame(b"slow one") + frame(b"Hello") + frame(b"ping"))
        self.assert_gets(client, frame(b"SLOW ONE") + frame(b"pong"))
        self.assert_gets(server, frame(b"Hello"))

    def test_rewrite_both_ways(self):
        _, client, server = self.between(
            "--rewrite", "s/e/E/", "--rewrite", "exec:rev | tr -d '\\n'", "--rewrite", "s/^/</")
        client.sendall(frame(b"Hello") + frame(b"two"))
        self.assert_gets(server, frame(b"<ollEH") + frame(b"<owt"))
        server.sendall(frame(b"yes"))
        self.assert_gets(client, frame(b"<sEy"))

    def test_come_before_faults_and_the_other_framing(self):
        _, client, server = self.between("--rewrite", "exec:cat; printf !", "--to", "u8",
                                         "--fault", "duplicate when=two!")
        client.sendall(frame(b"one") + frame(b"two") + frame(b"\0\xff"))
        self.assert_gets(server, b"\4one!" b"\4two!" b"\4two!" b"\3\0\xff!")

    def test_leave_frames_as_they_are_where_they_change_nothing(self):
        _, client, server = self.between("--rewrite", "exec:sed s/one/1/", framing="line,eol=crlf")
        client.sendall(b"two\n")
        self.assert_gets(server, b"two\n")

    def test_do_not_stop_others(self):
        listener = Listener(self)
        proxy = self.proxy(listener.port, "--when", "wait", "--reply", "exec:exec sleep 60")
        first, second = self.connect(proxy), self.connect(proxy)
        ends = [listener.accept(), listener.accept()]
        first.sendall(frame(b"wait"))
        second.sendall(frame(b"Hello"))
        ready, _, _ = select.select(ends, [], [], TIMEOUT)
        self.assert_gets(ready[0], frame(b"Hello"))
        self.reset(first)  # ends its program
        for end in (second, *ends):
            end.close()
        self.stop(proxy)

    def test_are_waited_for_at_the_end_of_a_stream(self):
        _, client, server = self.between("--rewrite", "exec:sleep 0.1; cat")
        client.sendall(frame(b"one") + frame(b"two"))
        client.shutdown(socket.SHUT_WR)
        self.assertEqual(frame(b"one") + frame(b"two"), receive_to_end(server))
        server.sendall(frame(b"last"))
        server.close()
        self.assertEqual(frame(b"last"), receive_to_end(client))

    def test_are_waited_for_before_an_error(self):
        proxy, client, server = self.between("--rewrite", "exec:cat")
        client.sendall(frame(b"one") + frame(b"two") + b"+00")
        self.assertEqual(frame(b"one") + frame(b"two"), receive_to_end(server))
        proxy.find_error("frame.length_syntax at 26")

    def test_that_fail_end_the_connection(self):
        proxy, client, server = self.between("--rewrite", "exec:echo no >&2; exit 3")
        client.sendall(frame(b"one"))
        self.assert_ended(client)
        self.assert_ended(server)
        proxy.find_error("service.failed")
        proxy.find_error("no")

    def test_are_slower_than_a_sender_in_bounded_memory(self):
        proxy, client, _ = self.between("--rewrite", "exec:exec sleep 60")
        client.settimeout(0.3)
        with self.assertRaises(TimeoutError):
            while True:
                client.sendall(frame(b"x" * 1000) * 1000)
        self.assertLess(self.memory(proxy), 64 << 20)
        proxy.child.kill()  # it would let the client finish

    def test_need_a_command(self):
        for words in (("--when", "x", "--reply", "exec:"), ("--rewrite", "exec:")):
            self.assert_fails(2, ("proxy", "digits:10", ":7000", ":7001", *words),
                              "'exec:' has no command")


if __name__ == "__main__":
    unittest.main()
