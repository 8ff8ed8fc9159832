"""The logging package of Python. The server is the one that waits for configurations, one for each
connection, and shows them; the client sends log records, whose texts are the payloads it is given,
and compares what comes back byte by byte. HOW says nothing.
"""
import logging
import logging.config
import logging.handlers
import pickle
import sys

import console


def serve():
    server = logging.config.listen(0, verify=console.received)
    server.start()
    server.ready.wait()
    console.listening(server.port)
    server.join()


def ask(port, payloads):
    handler = logging.handlers.SocketHandler(console.HOST, port)
    for payload in payloads:
        record = logging.LogRecord("name", logging.INFO, "path", 1, payload.decode(), None, None)
        handler.emit(record)
        frame = handler.makePickle(record)
        with handler.sock.makefile("rb") as stream:
            reply = stream.read(len(frame))
        if reply != frame:
            sys.exit(f"sent {frame!r}, came back {reply!r}")
        console.received(pickle.loads(reply[4:])["msg"].encode())
    handler.close()


def main(role, _, *where):
    if role == "server":
        serve()
    port, file = where
    ask(int(port), console.payloads_of(file))


main(*sys.argv[1:])
