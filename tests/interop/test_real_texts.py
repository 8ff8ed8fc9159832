"""Real programs whose frames are lines and header fields, through a relay that decodes and encodes
every frame.
"""
import os
import unittest
from pathlib import Path

from foreign_peers import FOREIGN, needed
from programs import HOST
from real_programs import NGINX_LINES, RealTest, memcached, nginx, receive_until


class Sip(RealTest):

    def test_calls(self):
        """sipp at both ends: three calls, each of INVITE, ACK and BYE, on one connection."""
        sipp = needed("sipp")
        common = [sipp, "-t", "t1", "-i", HOST, "-nostdin", "-timeout", "10"]
        server = self.serve_real(lambda port: [*common, "-sn", "uas", "-p", str(port)])
        relay = self.relay_frames("sip", server)
        self.ask(*common, "-sn", "uac", "-m", "3", "-d", "1", f"{HOST}:{relay.port}", TERM="dumb")
        self.assert_frames(relay, 9, 9)


class Http(RealTest):

    def test_bodies_of_an_announced_length(self):
        """curl and nginx, on one connection; what is sent has a body, or none."""
        curl, server = needed("curl"), nginx(self)
        relay = self.relay_frames("content-length,start=line,missing=0,fields=keep", server)
        address = f"http://{HOST}:{relay.port}"
        printed = self.ask(curl, "-sS", f"{address}/short", f"{address}/lines", "--next", "-sS",
                           "-d", "x=1", f"{address}/take")
        self.assertEqual(f"short\n{NGINX_LINES}taken\n", printed)
        self.assert_frames(relay, 3, 3)


class Memcached(RealTest):

    def test_the_text_protocol(self):
        """What libmemcached's own test of servers sends, with every command."""
        memccapable = needed("memccapable")
        relay = self.relay_frames("memcached", memcached(self))
        printed = self.ask(memccapable, "-a", "-h", HOST, "-p", relay.port)
        self.assertIn("All tests passed", printed)


class Nats(RealTest):

    def test_messages(self):
        """A server of Go; what is published comes back, whatever its bytes are."""
        program = needed("nats-server")
        server = self.serve_real(lambda port: [program, "-a", HOST, "-p", str(port)])
        relay = self.relay_frames("nats", server)
        with self.connect(relay) as sock:
            sock.sendall(b"CONNECT {\"headers\":true,\"verbose\":true}\r\nSUB a.* 1\r\n"
                         b"PUB a.b 6\r\nx\r\nPUB\r\nPUB a.b c 0\r\n\r\n"
                         b"HPUB a.b 18 23\r\nNATS/1.0\r\nA: b\r\n\r\nhello\r\nPING\r\n")
            received = receive_until(sock, b"PONG\r\n")
        for part in (b"INFO {", b"+OK\r\n", b"MSG a.b 1 6\r\nx\r\nPUB\r\n",
                     b"MSG a.b 1 c 0\r\n\r\n", b"HMSG a.b 1 18 23\r\nNATS/1.0\r\n"):
            self.assertIn(part, received)
        self.assert_frames(relay, 6, 10)


class Beanstalkd(RealTest):

    def test_jobs(self):
        program = needed("beanstalkd")
        server = self.serve_real(lambda port: [program, "-l", HOST, "-p", str(port)])
        relay = self.relay_frames("beanstalkd", server)
        with self.connect(relay) as sock:
            sock.sendall(b"use a\r\nput 1 0 60 8\r\nx\r\nput 1\r\nwatch a\r\nreserve\r\nstats\r\n"
                         b"delete 1\r\nwrong\r\npeek 7\r\n")
            received = receive_until(sock, b"NOT_FOUND\r\n")
        self.assertIn(b"RESERVED 1 8\r\nx\r\nput 1\r\n", received)
        self.assertIn(b"cmd-put: 1\n", received)
        self.assert_frames(relay, 8, 8)


class Fix(RealTest):

    def test_orders(self):
        """QuickFIX at both ends; we compute the same lengths and sums."""
        if not Path("/usr/include/quickfix").exists():
            self.skipTest("there is no QuickFIX")
        peer = self.folder() / "fix_peer"
        self.ask(needed(os.environ.get("FRAMEWIRE_CXX", "c++")), "-std=c++14", "-w",
                 FOREIGN / "fix_peer.cpp", "-o", peer, "-lquickfix", "-lpthread")
        server = self.serve_real(lambda port: [peer, "server", str(port)])
        relay = self.relay_frames("fix", server, "whole")
        printed = self.ask(peer, "client", relay.port)
        self.assertEqual(["1", "9", "300", "100000"], printed.split())
        self.assert_frames(relay, 6, 6)


if __name__ == "__main__":
    unittest.main()
