"""Three nodes of NATS, of which one does not answer any more."""
import signal
import unittest

from nats_senders import WAITS, LoadedTest, Sender


class CutOff(LoadedTest):

    def test_a_node_is_cut_off(self):
        """The one that we are connected to: it does not answer any more, and ends nothing."""
        nodes = self.cluster()
        self.client(nodes[0]).make_stream("ORDERS", num_replicas=3)
        leader, others = self.leader(nodes)
        server = self.serve_to(others[:1], *WAITS)
        sender = Sender(self, [server.port], "a")
        sender.wait_for(100)
        others[0].signal(signal.SIGSTOP)
        sender.wait_for(100)
        others[0].signal(signal.SIGCONT)
        self.assert_in_stream(leader, sender.end(), server)


if __name__ == "__main__":
    unittest.main()
