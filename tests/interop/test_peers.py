"""The Python peers against each other and against raw sockets: that what the other tests hold our
binary against is right itself. The same conversations as in the other files, without our binary.
"""
import unittest

import test_acknowledge
import test_echo
import test_greeting
import test_walkthrough
from harness import InteropTest


class WalkthroughPair(test_walkthrough.Pair, InteropTest):
    pass


class WalkthroughClient(test_walkthrough.ClientSide, InteropTest):
    pass


class GreetingPair(test_greeting.Pair, InteropTest):
    pass


class GreetingClient(test_greeting.ClientSide, InteropTest):
    pass


class GreetingServer(test_greeting.ServerSide, InteropTest):
    pass


class EchoPair(test_echo.Pair, InteropTest):
    pass


class EchoClient(test_echo.ClientSide, InteropTest):
    pass


class EchoServer(test_echo.ServerSide, InteropTest):
    pass


class AcknowledgePair(test_acknowledge.Pair, InteropTest):
    pass


class AcknowledgeClient(test_acknowledge.ClientSide, InteropTest):
    pass


class AcknowledgeServer(test_acknowledge.ServerSide, InteropTest):
    pass


if __name__ == "__main__":
    unittest.main()
