"""How every peer of this folder is told what to send and shows what it has received: payloads are
lines of hexadecimal digits, in a file and on standard output. A server first says where it
listens. They are run as `PEER server HOW` and `PEER client HOW PORT FILE`; a client sends all
payloads at once where its library can, and ends when as many have come back.
"""
from pathlib import Path

HOST = "127.0.0.1"


def payloads_of(file):
    return [bytes.fromhex(line) for line in Path(file).read_text().splitlines()]


def listening(port):
    print("listening", port, flush=True)


def received(payload):
    print(bytes(payload).hex(), flush=True)
