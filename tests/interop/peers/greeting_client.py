"""The greeting client as a learner has it: sends one message of sixteen bytes (third argument,
or `Greetings,server`), reads the sixteen bytes of the answer, and is done.
"""
import socket
import sys

HOST = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
PORT = int(sys.argv[2]) if len(sys.argv) > 2 else 1060
MESSAGE = (sys.argv[3] if len(sys.argv) > 3 else "Greetings,server").encode()


def recvall(sock, length):
    data = b""
    while len(data) < length:
        more = sock.recv(length - len(data))
        if not more:
            raise EOFError(f"was expecting {length} bytes but only received {len(data)} bytes"
                           " before the socket closed")
        data += more
    return data


if len(MESSAGE) != 16:
    sys.exit(f"the message must be 16 bytes long, not {len(MESSAGE)}")

with socket.create_connection((HOST, PORT)) as sock:
    print("Client has been assigned the socket", sock.getsockname(), flush=True)
    sock.sendall(MESSAGE)
    try:
        reply = recvall(sock, 16)
    except EOFError as error:
        sys.exit(str(error))
    print("The server said", repr(reply), flush=True)
