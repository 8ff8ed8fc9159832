"""demo.py [FOLDER]: a server and a client for each of the four protocols, and what their consoles
show. FOLDER is where the caller is, for what is printed in the end as worth trying next.
"""
import os
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from programs import BINARY, HOST, OURS, client_command, free_port, server_command, tied_to_us

ROOT = Path(__file__).resolve().parents[2]
COMMAND = os.path.relpath(BINARY, ROOT)
CONVERSATIONS = (  # protocol, the server must show, the client must show, what is typed
    ("walkthrough", "Finished serving", "Server echoed: exit",
     "Hello\nThis is a test message\nexit\n"),
    ("greeting", "b'Greetings,server'", "The server said b'Goodbye, client!'",
     "Greetings,server\n"),
    ("echo", "Data received: How are you?", "Received b'How are you?'", "Hi\nHow are you?\n"),
    ("acknowledge", "Disconnect !", "Message received successfully....",
     "Hello, this is a client !\n"))
BOLD, PLAIN = ("\033[1m", "\033[0m") if sys.stdout.isatty() and not os.environ.get("NO_COLOR") \
    else ("", "")


class Conversation:
    def __init__(self, protocol, in_server, in_client, typed):
        self.protocol, self.in_server, self.in_client = protocol, in_server, in_client
        self.typed = typed
        self.client = ""
        self.failures = []
        self.start_server()

    def start_server(self):
        self.port = free_port()
        self.console = tempfile.TemporaryFile()
        self.server = subprocess.Popen(
            tied_to_us([str(word) for word in server_command(OURS, self.protocol, self.port)]),
            stdin=subprocess.DEVNULL, stdout=self.console, stderr=subprocess.STDOUT)

    def server_text(self):
        self.console.seek(0)
        return self.console.read().decode(errors="replace")

    def converse(self):
        """A client that finds nobody tries again: a connection made only to see whether the server
        listens would appear on its console. A port that was taken meanwhile is chosen again.
        """
        deadline = time.monotonic() + 10
        status = 1
        while status and time.monotonic() < deadline:
            if self.server.poll() is not None:
                self.start_server()
            status = self.run_client()
            if status and "refused" not in self.client:
                break
            time.sleep(0.05 if status else 0)
        if status:
            self.failures.append(f"{self.protocol} client (status {status})")
            return
        while self.in_server not in self.server_text() and time.monotonic() < deadline:
            time.sleep(0.02)

    def run_client(self):
        try:
            done = subprocess.run(client_command(OURS, self.protocol, self.port), timeout=20,
                                  input=self.typed.encode(), stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT)
        except subprocess.TimeoutExpired as late:
            self.client = (late.stdout or b"").decode(errors="replace")
            return "none after 20 s"
        self.client = done.stdout.decode(errors="replace")
        return done.returncode

    def stop_server(self):
        self.server.terminate()
        try:
            status = self.server.wait(5)
        except subprocess.TimeoutExpired:
            self.server.kill()
            status = self.server.wait()
        if status:
            self.failures.append(f"{self.protocol} server (status {status})")

    def show(self):
        print(f"\n{BOLD}== {self.protocol}{PLAIN}")
        address = f"{self.protocol} {HOST}:{self.port}"
        typed = self.typed.replace("\n", "\\n")
        show_console("server", f"framewire serve {address}", self.server_text())
        show_console("client", f'printf "{typed}" | framewire connect {address}', self.client)
        if self.in_server not in self.server_text() or self.in_client not in self.client:
            self.failures.append(f"{self.protocol} consoles")


def show_console(side, command, text):
    print(f"  {BOLD}{side}{PLAIN}  {command}")
    for line in text.splitlines():
        print(f"    | {line}")


def main():
    called_from = sys.argv[1] if len(sys.argv) > 1 else str(ROOT)
    conversations = [Conversation(*row) for row in CONVERSATIONS]
    for conversation in conversations:
        conversation.converse()
    for conversation in conversations:
        conversation.stop_server()
        conversation.show()
    failures = [failure for conversation in conversations for failure in conversation.failures]
    if failures:
        sys.exit(f"\nrun: the demo failed: {'; '.join(failures)}; see above")
    print(f"\n{BOLD}== All four protocols work. Try next:{PLAIN}")
    if Path(called_from).resolve() != ROOT:
        print(f"  cd {shlex.quote(str(ROOT))}")
    print(f"  {COMMAND} serve walkthrough\n"
          f"  {COMMAND} connect walkthrough      # in a second terminal\n"
          f"  {COMMAND} trace walkthrough 'Hello World!'\n"
          f"  {COMMAND} --help\n  ./run test")


if __name__ == "__main__":
    main()
