"""What `store:nats://` refuses, what it does with a stream that is full or has lost messages, and
several servers that feed one stream."""
import shutil
import unittest

from nats_senders import LoadedTest, Sender
from nats_server import HOST, eventually

SECOND = 1_000_000_000


class Streams(LoadedTest):

    def assert_refused(self, nats, *parts, options=()):
        self.assert_fails(1, ["serve", "-f", "line", f"{HOST}:0", "--service", ",".join(
            [f"store:nats://{HOST}:{nats.port}/ORDERS", f"file={self.outbox()}", *options])],
            *parts)

    def test_streams_that_lose_messages_are_refused(self):
        nats = self.nats()
        client = self.client(nats)
        for words, fields in (("discard old", {"discard": "old"}),
                              ("max age", {"max_age": 3600 * SECOND}),
                              ("of each subject", {"max_msgs_per_subject": 1}),
                              ("while nobody consumes", {"retention": "interest"}),
                              ("kept in memory", {"storage": "memory"}),
                              ("no ack", {"no_ack": True}),
                              ("duplicate window", {"duplicate_window": SECOND}),
                              ("the subject of our messages", {"subjects": ["other.>"]})):
            with self.subTest(words):
                client.make_stream("ORDERS", **fields)
                self.assert_refused(nats, "the stream ORDERS cannot be used", words, "hint: ")
                client.request("STREAM.DELETE.ORDERS")
        client.make_stream("ORDERS")
        self.assert_refused(nats, "another number of replicas", options=["replicas=2"])
        client.request("STREAM.DELETE.ORDERS")
        self.assert_refused(nats, "the stream cannot be made", options=["replicas=3"])

    def test_specs_that_mean_nothing(self):
        for spec, words in (("nats://h", "names no stream"),
                            ("nats://u:secret@h/a.b", "'nats://h/a.b' names"),
                            ("nats:///ORDERS", "names no stream"),
                            ("nats://h/O,wait=1", "is nothing to wait for"),
                            ("nats://h/O,replicas=0", "is no number of replicas"),
                            ("nats://h/O,linger=x", "is no time"),
                            ("nats://h/O,keep=1h", "not forwarded"),
                            ("tls://h/ORDERS", "store:tls:// is not there")):
            self.assert_fails(2, ["serve", "-f", "line", ":0", "--service", f"store:{spec}"], words)

    def test_a_stream_that_is_full(self):
        """Nothing is lost: the outbox has the rest, as many as it may."""
        nats = self.nats()
        client = self.client(nats)
        client.make_stream("ORDERS", max_msgs=3)
        server = self.serve_to([nats], "keep=4", "nack=no {error}")
        self.send_lines(server, ["0", "1", "2"])
        self.wait_until_forwarded(server)
        for number in range(3, 7):
            self.assertEqual([f"+{number + 1}"], self.send_lines(server, [f"{number}"]))
        eventually(self, lambda: b"is full" in bytes(server.err), server)
        self.assertEqual(["no store.full"], self.send_lines(server, ["late"]))
        client.request("STREAM.UPDATE.ORDERS", **{**client.stream("ORDERS")["config"],
                                                  "max_msgs": -1})
        self.assertEqual([f"{number}" for number in range(7)], self.in_stream(nats, 7))

    def test_messages_that_the_server_does_not_take_are_refused(self):
        nats = self.nats()
        self.client(nats).make_stream("ORDERS", max_msg_size=10_000)
        server = self.serve_to([nats], "nack=no {error}")
        self.assertEqual(["+1", "no frame.too_large", "+2"],
                         self.send_lines(server, ["small", "x" * 10_000, "last"]))
        self.assertEqual(["small", "last"], self.in_stream(nats, 2))

    def test_two_servers_feed_one_stream(self):
        nats = self.nats()
        servers = [self.serve_to([nats]), self.serve_to([nats])]
        for number, server in enumerate(servers):
            self.send_lines(server, [f"{number} {i}" for i in range(50)])
        found = self.in_stream(nats, 100)
        for number in range(2):
            self.assertEqual([f"{number} {i}" for i in range(50)],
                             [one for one in found if one.startswith(f"{number} ")])

    def test_ids_are_those_of_the_stream(self):
        """A message that comes again, also to another server, is in the stream once."""
        nats = self.nats()
        for _ in range(2):
            server = self.serve_to([nats], "id=/^(\\S+)/")
            self.send_lines(server, ["a 1", "b\u00e9 2", "c\t3"])
            self.wait_until_forwarded(server)
        self.assertEqual(["a 1", "b\u00e9 2", "c\t3"], self.in_stream(nats, 3))

    def test_acknowledged_when_the_stream_has_it(self):
        nats = self.nats()
        nats.kill()
        server = self.serve_to([nats], "wait=replicated")
        sender = Sender(self, [server.port], "a")
        eventually(self, lambda: "messages  20\n" in self.stats(server), server)
        self.assertEqual([], sender.known)
        nats.start()
        sender.wait_for(100)
        self.assert_in_stream(nats, sender.end(), server)

    def lose(self, nats, server):
        """Messages 4 to 6 are confirmed, and then gone, as after a power cut."""
        self.send_lines(server, ["1", "2", "3"])
        self.in_stream(nats, 3)
        nats.kill()
        files = f"{nats.folder.name}/jetstream"
        before = f"{self.folder()}/before"
        shutil.copytree(files, before)
        nats.start()
        self.send_lines(server, ["4", "5", "6"])
        self.in_stream(nats, 6)
        return before, files

    def restore(self, nats, before, files):
        nats.kill()
        shutil.rmtree(files)
        shutil.copytree(before, files)
        nats.start()

    def test_what_a_stream_loses_is_forwarded_again_while_it_lingers(self):
        nats = self.nats()
        server = self.serve_to([nats], "linger=3m")
        self.restore(nats, *self.lose(nats, server))
        self.assertEqual(["1", "2", "3", "4", "5", "6"], self.in_stream(nats, 6))
        eventually(self, lambda: b"has lost messages" in bytes(server.err), server)
        self.assertIn("1 replica, power-fail", self.stop(server))

    def test_a_stream_that_has_lost_messages_is_told(self):
        nats = self.nats()
        server = self.serve_to([nats])
        lost = self.lose(nats, server)
        self.wait_until_forwarded(server)
        self.restore(nats, *lost)
        eventually(self, lambda: b"store.corrupt: the stream ORDERS ends at 3" in bytes(server.err),
                   server)
        self.assertEqual(["+7"], self.send_lines(server, ["7"]))
        self.assertIn("1 replica, process-crash", self.stop(server))
        self.assert_fails(1, ["serve", "-f", "line", f"{HOST}:0", "--service",
                              f"store:nats://{HOST}:{nats.port}/ORDERS,file={server.outbox}"],
                          "store.corrupt")
        self.serve_to([nats], file=server.outbox, more=["--accept-loss"])
        self.assertEqual(["1", "2", "3", "7"], self.in_stream(nats, 4))


if __name__ == "__main__":
    unittest.main()
