"""The connections of multiprocessing, without authentication: their messages of bytes. HOW says
nothing. It sends a payload when the one before has come back.
"""
import sys
from multiprocessing.connection import Client, Listener

import console


def serve():
    with Listener((console.HOST, 0), "AF_INET") as listener:
        console.listening(listener.address[1])
        while True:
            with listener.accept() as peer:
                echo(peer)


def echo(peer):
    try:
        while True:
            payload = peer.recv_bytes()
            console.received(payload)
            peer.send_bytes(payload)
    except EOFError:
        pass


def ask(port, payloads):
    with Client((console.HOST, port), "AF_INET") as server:
        for payload in payloads:
            server.send_bytes(payload)
            console.received(server.recv_bytes())


def main(role, _, *where):
    if role == "server":
        serve()
    port, file = where
    ask(int(port), console.payloads_of(file))


main(*sys.argv[1:])
