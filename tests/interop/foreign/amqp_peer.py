"""Qpid Proton at both ends of AMQP 1.0, without SASL.

    amqp_peer.py server PORT     takes messages, and shows the size of each body
    amqp_peer.py client PORT     sends messages of several sizes, and waits until they are accepted
"""
import sys

from proton import Message
from proton.handlers import MessagingHandler
from proton.reactor import Container

SIZES = [0, 1, 300, 100_000]


class Server(MessagingHandler):

    def __init__(self, port):
        super().__init__()
        self.port = port

    def on_start(self, event):
        event.container.listen(f"127.0.0.1:{self.port}")

    def on_message(self, event):
        print(len(event.message.body), flush=True)


class Client(MessagingHandler):

    def __init__(self, port):
        super().__init__()
        self.port = port
        self.sizes = list(SIZES)
        self.accepted = 0

    def on_start(self, event):
        connection = event.container.connect(f"127.0.0.1:{self.port}", sasl_enabled=False,
                                             reconnect=False)
        event.container.create_sender(connection, "queue")

    def on_sendable(self, event):
        while self.sizes and event.sender.credit:
            event.sender.send(Message(body="x" * self.sizes.pop(0)))

    def on_accepted(self, event):
        self.accepted += 1
        if self.accepted == len(SIZES):
            event.connection.close()


def main():
    side, port = sys.argv[1:]
    Container({"server": Server, "client": Client}[side](port)).run()


if __name__ == "__main__":
    main()
