"""`store:nats://HOST/STREAM`: what is acknowledged is in the stream, once, whatever fails."""
import unittest

from nats_server import NatsTest, eventually


class Forwarding(NatsTest):

    def test_messages_are_in_the_stream_and_not_in_the_outbox(self):
        nats = self.nats()
        server = self.serve_to([nats])
        lines = [f"order {number}" for number in range(1000)]
        self.assertEqual([f"+{number + 1}" for number in range(1000)],
                         self.send_lines(server, lines))
        self.assertEqual(lines, self.in_stream(nats, 1000))
        self.stop(server)
        self.assertIn(b"messages  0\n", self.assert_done("store", server.outbox, "stats"))


if __name__ == "__main__":
    unittest.main()
