"""`framewire serve` under an init system: sockets that it passes, what it is notified of, a process
that replaces another without losing a connection, and privileges that are given up."""
import os
import pwd
import shutil
import signal
import socket
import threading
import time
import unittest
from pathlib import Path

from command_line import (BINARY, HOST, TIMEOUT, CommandTest, free_port, minds_signals, receive)
from init_system import Notified, listening, start_activated

HELLO = b"0000000005Hello"
RESTARTS = 20
SERVE = ("serve", "walkthrough", "--quiet")


def exchange(at):
    """One short connection."""
    with socket.create_connection(at, TIMEOUT) as sock:
        sock.sendall(HELLO)
        found = receive(sock, len(HELLO))
        if found != HELLO:
            raise ConnectionError(f"{found!r} instead of a reply")


def is_running(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


class Load:
    """Clients that connect, exchange a message and leave, one after the other."""

    def __init__(self, at, clients=3):
        self.at, self.failures, self.count = at, [], 0
        self.ends = threading.Event()
        self.threads = [threading.Thread(target=self.run) for _ in range(clients)]

    def run(self):
        while not self.ends.is_set():
            try:
                exchange(self.at)
                self.count += 1
            except OSError as error:
                self.failures.append(error)

    def __enter__(self):
        for one in self.threads:
            one.start()
        return self

    def __exit__(self, *_):
        self.ends.set()
        for one in self.threads:
            one.join()

    def wait_for(self, count):
        deadline = time.monotonic() + TIMEOUT
        while self.count < count and time.monotonic() < deadline:
            time.sleep(0.005)


class Activation(CommandTest):

    def test_sockets_that_it_is_passed(self):
        sockets, notified = listening(3), Notified(self)
        for threads in ("1", "4"):
            with self.subTest(threads=threads):
                child = start_activated(self, [*SERVE, ":1", "--threads", threads], sockets,
                                        notified)
                notified.wait_for("READY=1\nSTATUS=serving on ")
                for one in sockets:
                    for _ in range(5):
                        exchange(one.getsockname())
                child.terminate()
                notified.wait_for("STOPPING=1")
                self.assertEqual(0, child.wait(TIMEOUT))

    def test_who_connects_before_it_starts_is_served(self):
        sockets = listening()
        with socket.create_connection(sockets[0].getsockname(), TIMEOUT) as early:
            early.sendall(HELLO)
            start_activated(self, SERVE, sockets)
            self.assertEqual(HELLO, receive(early, len(HELLO)))

    def test_commands_inherit_none_of_it(self):
        sockets, notified = listening(), Notified(self)
        service = "exec:(env; ls /proc/self/fd) | grep -c -e LISTEN_ -e NOTIFY_ -e ^3 | tr -d '\\n'"
        start_activated(self, ["serve", "--framing", "line", "--service", service, "--quiet"],
                        sockets, notified)
        with socket.create_connection(sockets[0].getsockname(), TIMEOUT) as sock:
            sock.sendall(b"x\n")
            # `ls` itself has the folder open, as 3.
            self.assertEqual(b"1\n", sock.makefile("rb").readline())

    def test_what_makes_no_sense_is_refused(self):
        folder = self.folder()
        with socket.socket() as unbound:
            for sockets, variables, words in (
                    ([unbound], {}, b"descriptor 3 is not a stream socket that listens"),
                    ([], {"LISTEN_FDS": "many"}, b"LISTEN_FDS=many"),
                    ([], {"LISTEN_FDS": "3000"}, b"descriptor"),
                    ([], {"NOTIFY_SOCKET": f"{folder}/none"}, b"cannot notify"),
                    ([], {"NOTIFY_SOCKET": "vsock:1"}, b"cannot notify")):
                with self.subTest(words):
                    child = start_activated(self, SERVE, sockets, **variables)
                    self.assertEqual(1, child.wait(TIMEOUT))
                    self.assertIn(words, child.stderr.read())

    def test_by_systemd_itself(self):
        activate = shutil.which("systemd-socket-activate")
        if not activate:
            self.skipTest("there is no systemd-socket-activate")
        ports = [free_port(), free_port()]
        at = [word for port in ports for word in ("-l", f"{HOST}:{port}")]
        server = self.start([activate, *at, BINARY, *SERVE])
        for port in ports:
            deadline = time.monotonic() + TIMEOUT
            while True:
                try:
                    exchange((HOST, port))
                    break
                except ConnectionRefusedError:
                    self.assertLess(time.monotonic(), deadline)
                    time.sleep(0.01)
        self.assertEqual(0, server.stop(), server.report())


class Watchdog(CommandTest):

    def test_a_server_that_is_alive_says_so(self):
        notified = Notified(self)
        child = start_activated(self, [*SERVE, f"{HOST}:0", "--threads", "2"], (), notified,
                                WATCHDOG_USEC="100000")
        notified.wait_for("READY=1")
        for _ in range(3):
            notified.wait_for("WATCHDOG=1")
        child.send_signal(signal.SIGSTOP)
        child.send_signal(signal.SIGCONT)
        notified.wait_for("WATCHDOG=1")

    def test_not_if_it_is_for_another_process(self):
        """`sh` sets the number of the process, and here another one is wanted."""
        notified = Notified(self)
        words = ["--version"]
        self.assertEqual(0, start_activated(self, words, (), notified,
                                            WATCHDOG_USEC="1").wait(TIMEOUT))
        child = start_activated(self, [*SERVE, f"{HOST}:0"], (), notified, WATCHDOG_USEC="never")
        self.assertEqual(1, child.wait(TIMEOUT))
        self.assertIn(b"WATCHDOG_USEC=never", child.stderr.read())


class Replacing(CommandTest):
    """SIGUSR2 starts the program once more, which takes the listening sockets."""

    def start_server(self, *words):
        """One that is ready; the processes that follow are ended at the end of the test."""
        self.notified = Notified(self)
        self.processes = []
        self.addCleanup(self.end_all)
        child = start_activated(self, [*SERVE, *words], (), self.notified)
        self.notified.wait_for("READY=1")
        self.processes.append(child.pid)
        return child

    def end_all(self):
        for one in self.processes:
            if is_running(one):
                os.kill(one, signal.SIGKILL)

    def replace(self):
        os.kill(self.processes[-1], signal.SIGUSR2)
        self.processes.append(int(self.notified.wait_for(r"MAINPID=(\d+)")[1]))

    def assert_ends(self, processes):
        deadline = time.monotonic() + TIMEOUT
        while any(is_running(one) for one in processes):
            self.assertLess(time.monotonic(), deadline, "an old process does not end")
            time.sleep(0.01)

    def test_no_connection_is_lost(self):
        port = free_port()
        self.start_server(f"{HOST}:{port}", "--threads", "2", "--hand-over", "1min")
        at = (HOST, port)
        with Load(at) as load:
            for i in range(RESTARTS):
                with socket.create_connection(at, TIMEOUT) as kept, \
                        socket.create_connection(at, TIMEOUT) as rests:
                    rests.sendall(HELLO)
                    self.assertEqual(HELLO, receive(rests, len(HELLO)))
                    kept.sendall(HELLO[:12])
                    self.replace()
                    rests.sendall(HELLO)
                    self.assertEqual(HELLO, receive(rests, len(HELLO)))
                    kept.sendall(HELLO[12:] + HELLO)
                    self.assertEqual(2 * HELLO, receive(kept, 2 * len(HELLO)))
                load.wait_for(3 * i)
        self.assertEqual([], load.failures)
        self.assertGreaterEqual(load.count, RESTARTS)
        self.assertEqual(RESTARTS + 1, len(set(self.processes)))
        self.assert_ends(self.processes[:-1])
        exchange(at)
        os.kill(self.processes[-1], signal.SIGTERM)
        self.assert_ends(self.processes)

    def test_by_sockets_of_an_init_system(self):
        """It starts the next process itself, and ends the one before."""
        sockets, notified = listening(), Notified(self)
        at = sockets[0].getsockname()
        child = start_activated(self, SERVE, sockets, notified)
        notified.wait_for("READY=1")
        with socket.create_connection(at, TIMEOUT) as before:
            for _ in range(5):
                exchange(at)
                child.terminate()
                child.wait(TIMEOUT)
                waits = socket.create_connection(at, TIMEOUT)
                waits.sendall(HELLO)
                child = start_activated(self, SERVE, sockets, notified)
                self.assertEqual(HELLO, receive(waits, len(HELLO)))
                waits.close()
            before.close()

    def test_a_local_socket_keeps_its_file(self):
        path = f"{self.folder()}/socket"
        self.start_server(f"unix:{path}")
        before = os.stat(path).st_ino
        for _ in range(2):
            self.replace()
            self.assert_ends(self.processes[:-1])
            self.assertEqual(before, os.stat(path).st_ino)
            with socket.socket(socket.AF_UNIX) as sock:
                sock.connect(path)
                sock.sendall(HELLO)
                self.assertEqual(HELLO, receive(sock, len(HELLO)))
        os.kill(self.processes[-1], signal.SIGTERM)
        self.assert_ends(self.processes)
        self.assertFalse(os.path.exists(path))

    def test_metrics_move(self):
        port = free_port()
        self.start_server(f"{HOST}:0", "--metrics", f"{HOST}:{port}")
        self.replace()
        deadline = time.monotonic() + TIMEOUT
        while True:
            try:
                with socket.create_connection((HOST, port), TIMEOUT) as sock:
                    sock.sendall(b"GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    if sock.makefile("rb").readline().startswith(b"HTTP/1.1 200"):
                        break
            except OSError:
                pass
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)
        self.assert_ends(self.processes[:-1])

    def test_connections_that_stay_must_finish_in_the_end(self):
        port = free_port()
        self.start_server(f"{HOST}:{port}", "--hand-over", "100ms")
        with socket.create_connection((HOST, port), TIMEOUT) as kept:
            kept.sendall(HELLO)
            self.assertEqual(HELLO, receive(kept, len(HELLO)))
            self.replace()
            self.assertEqual(b"", kept.recv(1))
        self.assert_ends(self.processes[:-1])

    def test_one_that_cannot_start_changes_nothing(self):
        folder = self.folder()
        config = Path(folder, "config.toml")
        config.write_text("threads = 1\n")
        port = free_port()
        child = self.start_server(f"{HOST}:{port}", "--config", str(config))
        config.write_text("threads = 0\n")
        child.send_signal(signal.SIGUSR2)
        self.assertIn(b"threads", child.stderr.readline())  # of the new process
        child.stderr.readline()
        self.assertIn(b"not replaced: it ended with status 2", child.stderr.readline())
        exchange((HOST, port))
        config.write_text("threads = 2\n")
        self.replace()
        exchange((HOST, port))


@unittest.skipUnless(os.geteuid() == 0, "only root can give up privileges")
class Privileges(CommandTest):

    def status_of(self, process):
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
        return dict(line.split(":\t", 1) for line in lines if ":\t" in line)

    def serve_as(self, *words):
        notified = Notified(self)
        child = start_activated(self, [*SERVE, f"{HOST}:0", *words], (), notified)
        found = notified.wait_for(r"READY=1\nSTATUS=serving on [\d.]+:(\d+)")
        exchange((HOST, int(found[1])))
        return child

    def test_none_is_left(self):
        nobody = pwd.getpwnam("nobody")
        for user, group in (("nobody", None), (str(nobody.pw_uid), None), ("nobody", "daemon"),
                            ("54321", None)):
            words = ["--user", user] + (["--group", group] if group else [])
            with self.subTest(words):
                child = self.serve_as(*words, "--threads", "3")
                uid = str(nobody.pw_uid) if user != "54321" else user
                for task in os.listdir(f"/proc/{child.pid}/task"):
                    status = self.status_of(f"{child.pid}/task/{task}")
                    self.assertEqual([uid] * 4, status["Uid"].split())
                    self.assertNotIn("0", status["Gid"].split())
                    self.assertNotIn("0", status["Groups"].split())
                    self.assertEqual("1", status["NoNewPrivs"])
                    for kind in ("CapEff", "CapPrm", "CapInh", "CapAmb"):
                        self.assertEqual(0, int(status[kind], 16))
                self.assertTrue(minds_signals(child))

    def test_another_root(self):
        folder = self.folder()
        child = self.serve_as("--chroot", folder, "--user", "nobody")
        self.assertEqual(folder, os.readlink(f"/proc/{child.pid}/root"))
        self.assertEqual(folder, os.readlink(f"/proc/{child.pid}/cwd"))

    def test_nobody_of_that_name(self):
        self.assert_fails(2, ["serve", "walkthrough", ":0", "--user", "no-such-user"],
                          "there is no user 'no-such-user'")
        self.assert_fails(2, ["serve", "walkthrough", ":0", "--group", "no-such-group"],
                          "there is no group 'no-such-group'")
        self.assert_fails(1, ["serve", "walkthrough", f"{HOST}:0", "--chroot", "/no-such-folder"],
                          "cannot change the root to '/no-such-folder'")


if __name__ == "__main__":
    unittest.main()
