"""The acknowledge server as a learner has it: sixty-four bytes of header, then the text; a thread
for each connection. Header and text are each read with ONE `recv`, so it breaks when TCP splits
either of them: the fault that many such servers have, kept on purpose.
"""
import socket
import sys
import threading

HOST = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
PORT = int(sys.argv[2]) if len(sys.argv) > 2 else 9999
HEADER = 64
DISCONNECT = "Disconnect !"
ANSWER = "Message received successfully...."


def send_message(sock, text):
    data = text.encode()
    header = str(len(data)).encode()
    header += b" " * (HEADER - len(header))
    sock.sendall(header)
    sock.sendall(data)


def serve(conn, address):
    connected = True
    while connected:
        header = conn.recv(HEADER)
        if not header:
            break
        message = conn.recv(int(header)).decode()
        print(f"[{address}] {message}", flush=True)
        send_message(conn, ANSWER)
        connected = message != DISCONNECT
    conn.close()


print("[STARTING] server is starting...", flush=True)
listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind((HOST, PORT))
listener.listen()
print(f"[LISTENING] Server is listening on {HOST}", flush=True)
while True:
    conn, address = listener.accept()
    print(f"[NEW CONNECTION] {address} connected.", flush=True)
    # active_count() includes the main thread, which stands here for the thread not yet started.
    print(f"[ACTIVE CONNECTION] {threading.active_count()}", flush=True)
    threading.Thread(target=serve, args=(conn, address), daemon=True).start()
