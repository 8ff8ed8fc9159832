"""The walkthrough client as a learner has it: each line typed goes out behind ten digits that
count its characters, and the echo is read through a 15-byte buffer before the next line.
"""
import codecs
import socket
import sys

HOST = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
PORT = int(sys.argv[2]) if len(sys.argv) > 2 else 1236
HEADER_SIZE = 10
BUFFER_SIZE = 15


def receive_message(sock):
    """Returns None when the server has left."""
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


def talk(sock):
    while True:
        try:
            message = input('Enter a message ("exit" to quit): ')
        except EOFError:
            print(flush=True)
            return
        header = str(len(message)).zfill(HEADER_SIZE)
        sock.sendall((header + message).encode())
        print(f"Sent to server: {message}", flush=True)
        echo = receive_message(sock)
        if echo is None:
            print("Server disconnected", flush=True)
            return
        print(f"Server echoed: {echo}", flush=True)
        if message == "exit":
            return


with socket.create_connection((HOST, PORT)) as sock:
    print(f"Connected to server at {HOST}:{PORT}", flush=True)
    talk(sock)
print("Connection closed.", flush=True)
