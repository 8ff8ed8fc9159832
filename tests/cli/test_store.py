"""`serve --service store:FILE` and `replay:FILE`, and `framewire store`, which reads the file."""
import signal
import sqlite3
import subprocess
import unittest
from pathlib import Path

from command_line import BINARY, HOST, CommandTest, free_port, receive, receive_to_end
from json_events import events_of, without

ACK = b"Message received successfully...."
HEADER = 64


def acknowledged(text):
    """A message of the protocol `acknowledge`."""
    return str(len(text)).encode().ljust(HEADER) + text


class StoreTest(CommandTest):

    def setUp(self):
        self.path = f"{self.folder()}/orders.db"

    def storing(self, framing="line", options="", *more):
        return self.server(framing, "--service", f"store:{self.path}{options}", "--quiet", *more)

    def talk(self, server, data, size):
        sock = self.connect_to(server.port)
        sock.sendall(data)
        return receive(sock, size), sock

    def store(self, *words):
        return self.assert_done("store", self.path, *words).decode()

    def payloads(self, *words):
        listed = self.assert_done("store", self.path, "list", "--json", *words)
        return [one["payload"] for one in events_of(listed)]


class Storing(StoreTest):

    def test_the_fourth_protocol(self):
        """As its Python client sends: the farewell is acknowledged, and is no message."""
        server = self.server("acknowledge", "--service", f"store:{self.path}")
        sock = self.connect_to(server.port)
        sock.sendall(acknowledged(b"one") + acknowledged("zw\u00f6lf".encode()))
        sock.sendall(acknowledged(b"Disconnect !"))
        self.assertEqual(3 * acknowledged(ACK), receive_to_end(sock))
        self.assertIn(f"messages are stored in {self.path} (power-fail), the next one at offset 1",
                      self.stop(server))
        self.assertEqual(["one", "zw\u00f6lf"], self.payloads())

    def test_texts_ids_and_conflicts(self):
        server = self.storing(options=",ack=stored {id} at {offset},nack=no: {error},id=/^[a-z]+/")
        replies, _ = self.talk(server, b"a 1\nb 2\na 1\na 3\n4\n", 73)
        self.assertEqual(b"stored a at 1\nstored b at 2\nstored a at 1\nno: store.conflict\n"
                         b"stored  at 3", replies)
        self.stop(server)
        self.assertEqual(["a 1", "b 2", "4"], self.payloads())

    def test_a_conflict_ends_the_connection(self):
        server = self.server("line", "--service", f"store:{self.path},ack=OK,id=1")
        sock = self.connect_to(server.port)
        sock.sendall(b"a1\na2\na1\n")
        self.assertEqual(b"OK\n", receive_to_end(sock))
        self.assertIn("store.conflict", self.stop(server))

    def test_what_is_kept(self):
        server = self.storing(options=",ack=OK,keep=3")
        for i in range(9):
            self.talk(server, b"%d\n" % i, 3)[1].close()
        self.stop(server)
        self.assertEqual(["6", "7", "8"], self.payloads())
        self.assertEqual("7", self.store("list").split()[0])

    def test_the_file_is_one_of_sqlite_and_private(self):
        server = self.storing()
        self.talk(server, b"hello\n", len(ACK))
        self.stop(server)
        for name in (self.path, f"{self.path}-mark"):
            self.assertEqual(0o600, Path(name).stat().st_mode & 0o777, name)
        with sqlite3.connect(self.path) as base:
            self.assertEqual([(1, None, b"hello")],
                             base.execute('SELECT "offset", id, payload FROM messages').fetchall())

    def test_it_continues_where_it_was(self):
        for first in (1, 2, 3):
            server = self.storing(options=",ack={offset}")
            self.assertEqual(b"%d\n" % first, self.talk(server, b"x\n", 2)[0])
            self.stop(server)

    def test_a_second_server_is_refused(self):
        self.storing()
        self.assert_fails(1, ["serve", "line", f"{HOST}:{free_port()}", "--service",
                              f"store:{self.path}"],
                          f"cannot open {self.path}: store.busy: another process has opened")

    def test_what_is_no_store_is_left_alone(self):
        Path(self.path).write_bytes(b"precious" * 1000)
        self.assert_fails(1, ["serve", "line", f"{HOST}:{free_port()}", "--service",
                              f"store:{self.path}"], "store.corrupt: file is not a database")
        self.assertEqual(b"precious" * 1000, Path(self.path).read_bytes())

    def test_options_that_mean_nothing(self):
        for spec, part in (("store:", "has no file"), ("store:x,id=0", "no part of a payload"),
                           ("store:x,keep=much", "no count, size or time"),
                           ("store:x,ack={when}", "no value for '{when}'"),
                           ("store:x,id=/(/", "("), ("replay:", "has no file"),
                           ("replay:x,from=?", "no position")):
            self.assert_fails(2, ["serve", "line", ":0", "--service", spec], part)

    def test_check_config_makes_no_file(self):
        self.assert_done("serve", "line", ":0", "--service", f"store:{self.path}",
                         "--check-config")
        self.assertFalse(Path(self.path).exists())


class Reading(StoreTest):

    def setUp(self):
        super().setUp()
        self.serving = self.storing(options=",ack=OK")
        self.talk(self.serving, b"a\nb\nc\xff\n", 9)

    def test_while_the_server_runs_and_after_it(self):
        for is_over in (False, True):
            lines = self.store("list").splitlines()
            self.assertEqual(["1", "2", "3"], [line.split()[0] for line in lines])
            self.assertEqual(r'"c\xff"', lines[2].split()[2])
            self.assertEqual(lines[1:2], self.store("list", "--from", "2", "--count",
                                                    "1").splitlines())
            self.assertEqual(lines, self.store("list", "--from", "1h").splitlines())
            self.assertEqual(lines[2:], self.store("tail", "--count", "1").splitlines())
            self.assertEqual("", self.store("list", "--from", "next"))
            if not is_over:
                self.stop(self.serving)
        self.assertIn("3 messages, from offset 1, and nothing is wrong", self.store("verify"))

    def test_json(self):
        first, *_, last = events_of(self.assert_done("store", self.path, "list", "--json"))
        self.assertEqual({"event": "stored", "offset": 1, "size": 1, "payload": "a"},
                         without(first, "time"))
        self.assertEqual("Y/8=", last["payload_base64"])
        [stats] = events_of(self.assert_done("store", self.path, "stats", "--json"))
        self.assertEqual((3, 1, 4), (stats["count"], stats["first"], stats["next"]))
        self.assertIn("messages  3\n", self.store("stats"))

    def test_export(self):
        self.assertEqual(b"1:a,1:b,2:c\xff,",
                         self.assert_done("store", self.path, "export", "-f", "netstring"))
        self.assert_fails(1, ["store", self.path, "export", "-f", "fixed:2"],
                          "the message at offset 1 cannot be framed as fixed:2")

    def test_following(self):
        with subprocess.Popen([BINARY, "store", self.path, "tail", "--count", "1", "--follow"],
                              stdout=subprocess.PIPE) as tail:
            self.assertIn(rb'"c\xff"', tail.stdout.readline())
            self.talk(self.serving, b"d\n", 3)
            self.assertIn(b'"d"', tail.stdout.readline())
            tail.send_signal(signal.SIGTERM)

    def test_wrong_words(self):
        for words, part in (([], "which file?"), (["x", "look"], "'look' is not an action"),
                            (["x", "export"], "needs --framing"),
                            (["x", "list", "--framing", "u8"], "--framing is for export"),
                            (["x", "list", "--follow"], "--follow is for tail"),
                            (["x", "--from", "?"], "no position")):
            self.assert_fails(2, ["store", *words], part)
        self.assert_fails(1, ["store", f"{self.path}.old", "list"], "no such file or directory")
        self.assert_fails(1, ["store", self.path, "verify"], "another process has opened")

    def test_replay(self):
        for words in (("--service", f"replay:{self.path}"),
                      ("--service", f"replay:{self.path},from=first,prefix={{offset}} ")):
            reading = self.server("line", *words, "--quiet")
            sock = self.connect_to(reading.port)
            if "from=" in words[1]:
                self.assertEqual(b"1 a\n2 b\n3 c\xff\n", receive(sock, 13))
            else:
                sock.sendall(b"consumer us\ndone 1\n")
                self.assertEqual(b"a\nb\nc\xff\n", receive(sock, 7))
                sock.sendall(b"consumer us\n")
                self.assertEqual(b"b\nc\xff\n", receive(sock, 5))
            self.stop(reading)


class Showing(StoreTest):

    def test_metrics(self):
        port = free_port()
        server = self.storing("line", ",ack=OK,id=1,nack=no", "--metrics", f"{HOST}:{port}")
        self.talk(server, b"a1\na1\na2\n", 9)
        def page(path):
            sock = self.connect_to(port)
            sock.sendall(b"GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" % path)
            return receive_to_end(sock).decode()
        metrics = page(b"/metrics")
        for line in ('framewire_store_info{durability="power-fail"} 1',
                     "framewire_store_messages_total 1", "framewire_store_repeated_total 1",
                     'framewire_store_refused_total{error="store.conflict"} 1',
                     "framewire_store_next_offset 2", "framewire_store_writable 1"):
            self.assertIn(line + "\n", metrics)
        self.assertIn("200 OK", page(b"/readyz"))


if __name__ == "__main__":
    unittest.main()
