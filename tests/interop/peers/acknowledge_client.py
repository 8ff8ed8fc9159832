"""The acknowledge client as a learner has it: sends each line typed behind sixty-four bytes of
header and prints the answer; at `exit` or at the end it says `Disconnect !` and leaves. Header and
text of an answer are each read with ONE `recv`.
"""
import socket
import sys

HOST = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
PORT = int(sys.argv[2]) if len(sys.argv) > 2 else 9999
HEADER = 64
DISCONNECT = "Disconnect !"


def ask(sock, message):
    data = message.encode()
    header = str(len(data)).encode()
    header += b" " * (HEADER - len(header))
    sock.sendall(header)
    sock.sendall(data)
    length = int(sock.recv(HEADER))
    return sock.recv(length).decode()


with socket.create_connection((HOST, PORT)) as sock:
    message = ""
    while message != DISCONNECT:
        try:
            message = input()
        except EOFError:
            message = "exit"
        if message == "exit":
            message = DISCONNECT
        print(ask(sock, message), flush=True)
