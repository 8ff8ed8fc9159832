"""The greeting server as a learner has it: sixteen bytes in, sixteen bytes out, one client after
another, with a `recvall` because one `recv` may bring less than was asked for.
"""
import socket
import sys

HOST = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
PORT = int(sys.argv[2]) if len(sys.argv) > 2 else 1060


def recvall(sock, length):
    data = b""
    while len(data) < length:
        more = sock.recv(length - len(data))
        if not more:
            raise EOFError(f"was expecting {length} bytes but only received {len(data)} bytes"
                           " before the socket closed")
        data += more
    return data


def serve(conn, address):
    print("Connection from", address, flush=True)
    print("  Socket name:", conn.getsockname(), flush=True)
    print("  Socket peer:", conn.getpeername(), flush=True)
    try:
        message = recvall(conn, 16)
        print("  message from client:", repr(message), flush=True)
        conn.sendall(b"Goodbye, client!")
    except EOFError as error:
        print(" ", error, flush=True)
    print("  Closing socket", flush=True)


with socket.socket() as listener:
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, PORT))
    listener.listen()
    print("Listening at", listener.getsockname(), flush=True)
    while True:
        print("Waiting for a new connection", flush=True)
        conn, address = listener.accept()
        with conn:
            serve(conn, address)
