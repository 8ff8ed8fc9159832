"""Both ends for libraries that frame bytes, but leave the sockets to their user: an echo server
and a client, out of `frame`, from payload to bytes, and `read`, which takes one payload from a
buffered socket, None at its end.
"""
import socket
import sys
import threading

import console


def serve(frame, read):
    with socket.create_server((console.HOST, 0)) as listener:
        console.listening(listener.getsockname()[1])
        while True:
            peer, _ = listener.accept()
            with peer, peer.makefile("rb") as stream:
                while (payload := read(stream)) is not None:
                    console.received(payload)
                    peer.sendall(frame(payload))


def ask(frame, read, port, payloads):
    with socket.create_connection((console.HOST, port)) as server:
        frames = b"".join(map(frame, payloads))
        sender = threading.Thread(target=server.sendall, args=(frames,), daemon=True)
        sender.start()
        with server.makefile("rb") as stream:
            for _ in payloads:
                payload = read(stream)
                if payload is None:
                    sys.exit("the server left")
                console.received(payload)
        sender.join()


def main(frame, read):
    role, _, *where = sys.argv[1:]
    if role == "server":
        serve(frame, read)
    port, file = where
    ask(frame, read, int(port), console.payloads_of(file))
