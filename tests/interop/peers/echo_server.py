"""The echo server as a learner has it: no framing; whatever one `recv` returns is printed and sent
back, one client after another.
"""
import socket
import sys

HOST = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
PORT = int(sys.argv[2]) if len(sys.argv) > 2 else 8888


def serve(conn, address):
    print(f"Connected to {address}", flush=True)
    while True:
        data = conn.recv(1024)
        if not data:
            break
        print("Data received:", data.decode(errors="backslashreplace"), flush=True)
        conn.sendall(data)


with socket.socket() as listener:
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, PORT))
    listener.listen()
    while True:
        conn, address = listener.accept()
        with conn:
            serve(conn, address)
