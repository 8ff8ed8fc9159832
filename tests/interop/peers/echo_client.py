"""The echo client as a learner has it: sends each line typed as it is, and reads until as many
bytes have come back as it sent, because the echo may arrive in parts.
"""
import socket
import sys

HOST = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
PORT = int(sys.argv[2]) if len(sys.argv) > 2 else 8888


def echo(sock, data):
    sock.sendall(data)
    received = bytearray()
    while len(received) < len(data):
        part = sock.recv(1024)
        if not part:
            sys.exit("the server left before everything came back")
        received += part
    return bytes(received)


with socket.create_connection((HOST, PORT)) as sock:
    while True:
        try:
            message = input("Enter message to send: ")
        except EOFError:
            print(flush=True)
            break
        print("Received", repr(echo(sock, message.encode())), flush=True)
