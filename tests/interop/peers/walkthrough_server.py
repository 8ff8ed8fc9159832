"""The walkthrough server as a learner has it: ten digits that count characters, then the text,
read through a 15-byte buffer. It takes everything that has come when a message is complete as
that message, so two messages sent at once are glued together.
"""
import codecs
import socket
import sys

HOST = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
PORT = int(sys.argv[2]) if len(sys.argv) > 2 else 1236
HEADER_SIZE = 10
BUFFER_SIZE = 15


def send_message(sock, message):
    sock.sendall(f"{len(message):0{HEADER_SIZE}d}{message}".encode())


def receive_message(sock):
    """Returns None when the other end has left."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    parts = []
    received = 0
    length = None
    while length is None or received < length:
        chunk = sock.recv(BUFFER_SIZE)
        if not chunk:
            return None
        if length is None:
            length = int(chunk[:HEADER_SIZE])
            chunk = chunk[HEADER_SIZE:]
        parts.append(decoder.decode(chunk))
        received += len(parts[-1])
    return "".join(parts)


def serve(conn, address):
    print(f"Connected to client: {address}", flush=True)
    while True:
        message = receive_message(conn)
        if message is None:
            print(f"Client {address} disconnected", flush=True)
            break
        print(f"Client sent: {message}", flush=True)
        send_message(conn, message)
        if message == "exit":
            break
    print(f"Finished serving client: {address}", flush=True)


with socket.socket() as listener:
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, PORT))
    listener.listen()
    print(f"Server listening on {HOST}:{PORT}...", flush=True)
    while True:
        conn, address = listener.accept()
        with conn:
            serve(conn, address)
