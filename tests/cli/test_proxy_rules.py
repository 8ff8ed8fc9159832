"""`framewire proxy --when --reply` and `--rewrite`."""
import unittest

from proxying import ProxyTest, frame


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


if __name__ == "__main__":
    unittest.main()
