"""The receivers of twisted.protocols.basic. HOW is the name of the class; for those of lines, the
delimiter may follow after a colon, as Python writes it: `LineReceiver:\\r\\n`.
"""
import codecs
import sys

from twisted.internet import protocol, reactor
from twisted.protocols import basic

import console

SIZE_MAX = 1 << 21


def peer_class(how):
    name, _, delimiter_written = how.partition(":")
    base = getattr(basic, name)

    class Peer(base):
        MAX_LENGTH = SIZE_MAX

        def connectionMade(self):
            self.transport.setTcpNoDelay(True)
            self.factory.made(self)

        def stringReceived(self, payload):
            console.received(payload)
            self.factory.received(self, payload)

        def connectionLost(self, reason):
            self.factory.lost()

        lineReceived = stringReceived
        send = base.sendString if hasattr(base, "sendString") else base.sendLine

    if delimiter_written:
        Peer.delimiter = codecs.decode(delimiter_written, "unicode_escape").encode("latin-1")
    return Peer


class EchoServer(protocol.Factory):

    def made(self, peer):
        pass

    def received(self, peer, payload):
        peer.send(payload)

    def lost(self):
        pass


class Client(protocol.ClientFactory):

    def __init__(self, payloads):
        self.payloads = payloads
        self.missing = len(payloads)

    def made(self, peer):
        for payload in self.payloads:
            peer.send(payload)

    def received(self, peer, _):
        self.missing -= 1
        if self.missing == 0:
            peer.transport.loseConnection()

    def lost(self):
        reactor.stop()

    def clientConnectionFailed(self, connector, reason):
        print(reason.getErrorMessage(), file=sys.stderr)
        reactor.stop()


def main(role, how, *where):
    if role == "server":
        factory = EchoServer()
        port = reactor.listenTCP(0, factory, interface=console.HOST)
        console.listening(port.getHost().port)
    else:
        port, file = where
        factory = Client(console.payloads_of(file))
        reactor.connectTCP(console.HOST, int(port), factory)
    factory.protocol = peer_class(how)
    reactor.run()
    return 0 if role == "server" or factory.missing == 0 else 1


sys.exit(main(*sys.argv[1:]))
