"""`store:nats://HOST/STREAM`: what is acknowledged is in the stream, once, whatever fails."""
import signal
import time
import unittest
from pathlib import Path

from nats_senders import LoadedTest, Sender
from nats_server import eventually

SECOND = 1_000_000_000


class Forwarding(LoadedTest):

    def test_messages_are_in_the_stream_and_not_in_the_outbox(self):
        nats = self.nats()
        server = self.serve_to([nats])
        lines = [f"order {number}" for number in range(1000)]
        self.assertEqual([f"+{number + 1}" for number in range(1000)],
                         self.send_lines(server, lines))
        self.assertEqual(lines, self.in_stream(nats, 1000))
        self.wait_until_forwarded(server)
        found = self.client(nats).stream("ORDERS")["config"]
        self.assertEqual(("new", "file", 1), tuple(found[key] for key in
                                                   ("discard", "storage", "num_replicas")))
        self.assertIn("power-fail", self.stop(server))

    def test_messages_wait_while_nats_is_away(self):
        nats = self.nats()
        nats.kill()
        server = self.serve_to([nats])
        self.assertEqual(["+1", "+2"], self.send_lines(server, ["one", "two"]))
        self.assertIn("messages  2\n", self.stats(server))
        self.stop(server)
        server = self.serve_to([nats], file=server.outbox)
        self.assertEqual(["+3"], self.send_lines(server, ["three"]))
        nats.start()
        self.assertEqual(["one", "two", "three"], self.in_stream(nats, 3))
        self.assertIn("nothing is forwarded for now", self.stop(server))

    def test_nats_is_killed_under_load(self):
        nats = self.nats()
        server = self.serve_to([nats])
        sender = Sender(self, [server.port], "a")
        for _ in range(3):
            sender.wait_for(200)
            nats.kill()
            sender.wait_for(100)
            nats.start()
        self.assert_in_stream(nats, sender.end(), server)

    def test_we_are_killed_under_load(self):
        nats = self.nats()
        server = self.serve_to([nats])
        known = []
        for number in range(3):
            sender = Sender(self, [server.port], f"{number}")
            sender.wait_for(300)
            server.child.kill()
            server.child.wait()
            known += sender.end()
            server = self.serve_to([nats], file=server.outbox)
        self.assert_in_stream(nats, known, server)

    def test_nats_stops_for_a_while(self):
        """We leave it, and come back; what it had not read by then was published twice."""
        nats = self.nats()
        server = self.serve_to([nats])
        sender = Sender(self, [server.port], "a")
        sender.wait_for(100)
        nats.signal(signal.SIGSTOP)
        sender.wait_for(100)
        server.find_error("no server answers")
        nats.signal(signal.SIGCONT)
        self.assert_in_stream(nats, sender.end(), server)

    def test_a_start_does_not_depend_on_the_window_for_ids(self):
        """What was stored and not deleted is found in the stream, however long ago that was: here
        the server forgets ids at once, and the outbox is one from before it deleted."""
        nats = self.nats()
        client = self.client(nats)
        client.make_stream("ORDERS", duplicate_window=30 * SECOND)
        server = self.serve_to([nats])
        self.send_lines(server, ["one"])
        self.wait_until_forwarded(server)
        nats.signal(signal.SIGSTOP)
        self.send_lines(server, ["two", "three"])
        server.child.kill()
        server.child.wait()
        before = {path: path.read_bytes() for path in Path(server.outbox).parent.iterdir()
                  if path.is_file()}
        nats.signal(signal.SIGCONT)
        server = self.serve_to([nats], file=server.outbox)
        self.wait_until_forwarded(server)
        self.stop(server)
        for path, content in before.items():
            path.write_bytes(content)
        self.set_window(nats, SECOND // 10)
        nats.kill()
        nats.start()
        nats.ask("STREAM.INFO.ORDERS")
        client = self.client(nats)
        time.sleep(0.1)
        # It reads the ids of the window when it needs them first.
        client.publish_with("ORDERS.x", {"Nats-Msg-Id": "x", "Framewire-Message": "x"}, b"x")
        self.set_window(nats, 30 * SECOND)
        server = self.serve_to([nats], file=server.outbox)
        self.wait_until_forwarded(server)
        self.assertEqual(["one", "two", "three", "x"], self.in_stream(nats, 4))

    def set_window(self, nats, window):
        config = nats.ask("STREAM.INFO.ORDERS")["config"]
        nats.ask("STREAM.UPDATE.ORDERS", **{**config, "duplicate_window": window})

    def message_names(self, nats):
        return [headers["Framewire-Message"] for headers, _ in
                self.client(nats).messages("ORDERS")]


if __name__ == "__main__":
    unittest.main()
