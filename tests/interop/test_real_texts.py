"""Real programs whose frames are lines and header fields, through a relay that decodes and encodes
every frame.
"""
import unittest

from foreign_peers import needed
from programs import HOST
from real_programs import NGINX_LINES, RealTest, nginx


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


if __name__ == "__main__":
    unittest.main()
