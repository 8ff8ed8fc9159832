"""`relay:nats://HOST/SUBJECT`: what a peer of one server sends goes to those of all servers."""
import unittest

from nats_server import HOST, NatsTest


class Relay(NatsTest):

    def relaying(self, nats):
        return self.server("-f", "line", "--service", f"relay:nats://{HOST}:{nats.port}/chat.room")

    def peers(self, *servers):
        """Connections, each with a function that returns the next line. They are in the room:
        each has said so, which those before it may have heard."""
        peers = []
        for server in servers:
            sock = self.connect_to(server.port)
            sock.sendall(b"here\n")
            port = sock.getsockname()[1]
            server.wait_until("a peer", lambda: f"('{HOST}', {port}) sent: here"
                              in server.out.decode())
            lines = (line for line in sock.makefile("rb") if line != b"here\n")
            peers.append((sock, lines.__next__))
        return peers

    def test_others_get_each_message_once(self):
        nats = self.nats()
        left, right = self.relaying(nats), self.relaying(nats)
        peers = self.peers(left, left, right, right)
        for number, (sock, _) in enumerate(peers):
            sock.sendall(b"from %d\n" % number)
            for other, (_, line) in enumerate(peers):
                if other != number:
                    self.assertEqual(b"from %d\n" % number, line())

    def test_the_order_of_a_sender_is_kept(self):
        nats = self.nats()
        servers = self.relaying(nats), self.relaying(nats)
        (sender, _), (_, line) = self.peers(*servers)
        lines = [b"%d\n" % number for number in range(1000)]
        sender.sendall(b"".join(lines))
        self.assertEqual(lines, [line() for _ in lines])

    def test_programs_of_nats_take_part(self):
        nats = self.nats()
        client = self.client(nats)
        client.subscribe("chat.room")
        (sock, line), = self.peers(self.relaying(nats))
        client.publish("chat.room", b"from outside")
        self.assertEqual(b"from outside\n", line())
        sock.sendall(b"from inside\n")
        self.assertEqual({b"here", b"from outside", b"from inside"},
                         {client.next()[2] for _ in range(3)})

    def test_peers_of_one_server_hear_each_other_while_nats_is_away(self):
        nats = self.nats()
        nats.kill()
        server, other = self.relaying(nats), self.relaying(nats)
        server.find_error("on this server only")
        other.find_error("on this server only")
        (sender, _), (_, near), (_, far) = self.peers(server, server, other)
        sender.sendall(b"lost\n")
        self.assertEqual(b"lost\n", near())
        nats.start()
        for one in (server, other):
            one.find_error("messages are relayed through chat.room")
        sender.sendall(b"heard\n")
        self.assertEqual([b"heard\n"] * 2, [near(), far()])

    def test_specs_that_mean_nothing(self):
        for spec, words in (("nats://h", "names no subject"), ("nats://h/a.*", "names no subject"),
                            ("nats://h/a..b", "names no subject"),
                            ("nats://h/a,overflow=wait", "is no way to overflow")):
            self.assert_fails(2, ["serve", "-f", "line", ":0", "--service", f"relay:{spec}"], words)


if __name__ == "__main__":
    unittest.main()
