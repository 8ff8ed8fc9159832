"""Three nodes of NATS, of which one is killed."""
import sys
import unittest
from pathlib import Path

from nats_server import HOST
from nats_senders import WAITS, LoadedTest, Sender

FOURTH = Path(__file__).resolve().parents[1] / "interop/peers/acknowledge_client.py"


class KilledNodes(LoadedTest):

    def test_the_leader_is_killed(self):
        nodes = self.cluster()
        servers = [self.serve_to(nodes, *WAITS), self.serve_to(nodes, *WAITS)]
        senders = [Sender(self, [server.port], str(number))
                   for number, server in enumerate(servers)]
        for sender in senders:
            sender.wait_for(100)
        leader, others = self.leader(nodes)
        leader.kill()
        for sender in senders:
            sender.wait_for(100)
        known = [line for sender in senders for line in sender.end()]
        self.assert_in_stream(others[0], known, *servers)

    def test_python_of_the_fourth_protocol_with_two_nodes_of_three(self):
        nodes = self.cluster()
        server = self.server("acknowledge", "--service",
                             f"store:nats://{HOST}:{nodes[0].port}/ORDERS,"
                             f"file={self.outbox()},{','.join(WAITS)}")
        client = self.start([sys.executable, FOURTH, HOST, str(server.port)])
        client.feed("first\n", last=False)
        client.wait_for_lines(1)
        leader, others = self.leader(nodes)
        others[0].kill()
        client.feed("second\nexit\n")
        self.assertEqual(0, client.finish(), client.report())
        self.assertEqual(["Message received successfully...."] * 3, client.lines())
        for node in (leader, others[1]):
            self.assertEqual(["first", "second"], self.in_stream(node, 2))


if __name__ == "__main__":
    unittest.main()
