"""Calls of the store's thread fail: no message is acknowledged that is not stored, each of the
others has an error, and the store resumes where it may."""
import errno
import os
import resource
import select
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from disk import Disk
from storing import StoringServer, TIMEOUT, id_of, message_of

FULL = ("ENOSPC", "EDQUOT", "EFBIG")


class FailingDisk(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.disk = Disk(folder.name)
        self.addCleanup(self.disk.close)
        self.server = StoringServer(folder.name, self.disk.prefix)
        self.addCleanup(self.server.kill)
        self.number = 0
        self.known = []  # what was acknowledged, in the order of its offsets

    def messages(self, count, size=100):
        first, self.number = self.number + 1, self.number + count
        return [message_of(number, size) for number in range(first, first + count)]

    def expect_stored(self, client, messages):
        replies = client.ask(messages)
        first = len(self.known) + 1
        self.known += messages
        self.assertEqual([f"<{first + i} {id_of(one)}>" for i, one in enumerate(messages)],
                         replies)

    def expect_refused(self, client, messages, error):
        self.assertEqual([error] * len(messages), client.ask(messages))

    def expect_all_there(self):
        self.assertEqual(list(enumerate(self.known, 1)), self.server.stored())
        self.server.expect_sound()

    def test_row_66_and_67_a_full_disk_refuses_until_there_is_space(self):
        self.server.start()
        with self.server.connect() as client:
            self.expect_stored(client, self.messages(3))
            for name in FULL:
                with self.subTest(name):
                    waiting = self.messages(3)
                    self.disk.plan("fail", "write", "log", error=getattr(errno, name))
                    self.expect_refused(client, waiting, "store.full")
                    self.expect_refused(client, waiting, "store.full")
                    self.disk.repair()
                    self.expect_stored(client, waiting)
        self.assertEqual(0, self.server.stop()[0])
        self.expect_all_there()

    def test_row_66_a_disk_that_is_full_for_the_mark_alone(self):
        """The messages may be stored then; sent again, they are not stored twice."""
        self.server.start()
        with self.server.connect() as client:
            self.expect_stored(client, self.messages(3))
            waiting = self.messages(1)
            self.disk.plan("fail", "write", "mark", error=errno.ENOSPC)
            self.expect_refused(client, waiting, "store.full")
            self.disk.repair()
            self.expect_stored(client, waiting)
        self.assertEqual(0, self.server.stop()[0])
        self.expect_all_there()

    def test_row_63_a_failed_flush_is_final(self):
        self.server.start()
        with self.server.connect() as client, self.server.connect() as other:
            self.expect_stored(client, self.messages(3))
            self.disk.plan("fail", "flush", "log", times=1)
            self.expect_refused(client, self.messages(2), "store.failed")
            self.assertEqual(1, self.disk.affected)
            self.disk.repair()
            self.expect_refused(other, self.messages(2), "store.failed")
        status, words = self.server.stop()
        self.assertEqual(1, status)
        self.assertIn("store.failed", words)
        self.expect_starts_again()

    def expect_starts_again(self):
        """What was refused may be there; what was acknowledged is."""
        self.server.start()
        there = [message for _, message in self.server.stored()]
        self.assertEqual(self.known, there[:len(self.known)])
        self.known = there
        with self.server.connect() as client:
            self.expect_stored(client, self.messages(2))
        self.assertEqual(0, self.server.stop()[0])
        self.expect_all_there()

    def test_row_65_a_write_that_fails_is_final_unless_the_disk_is_full(self):
        self.server.start()
        with self.server.connect() as client:
            self.expect_stored(client, self.messages(3))
            self.disk.plan("fail", "write", "log", first=2, times=1)
            self.expect_refused(client, self.messages(2), "store.failed")
            self.disk.repair()
            self.expect_refused(client, self.messages(2), "store.failed")
        self.assertEqual(1, self.server.stop()[0])
        self.expect_starts_again()

    def test_row_68_a_file_system_that_becomes_read_only(self):
        self.server.start()
        with self.server.connect() as client:
            self.expect_stored(client, self.messages(3))
            waiting = self.messages(2)
            self.disk.plan("fail", "write truncate", "log mark database", error=errno.EROFS)
            self.expect_refused(client, waiting, "store.readonly")
            self.disk.repair()
            self.expect_stored(client, waiting)
        self.assertEqual(0, self.server.stop()[0])
        self.expect_all_there()

    def test_row_65_short_writes_are_continued(self):
        self.server.start()
        with self.server.connect() as client:
            self.disk.plan("cut short", "write", "log database", times=12)
            self.expect_stored(client, self.messages(3, 3000))
            self.assertEqual(12, self.disk.affected)
        self.server.kill()
        self.expect_all_there()

    def test_row_64_nothing_is_acknowledged_while_a_flush_lasts(self):
        self.server.start()
        with self.server.connect() as client, self.server.connect() as other:
            self.expect_stored(client, self.messages(1))
            waiting, later = self.messages(2), self.messages(2)
            self.disk.plan("wait", "flush", "log")
            client.send(waiting)
            self.wait_until(lambda: self.disk.affected)
            other.send(later)
            self.assertEqual([], select.select([client.sock, other.sock], [], [], 0.2)[0])
            self.disk.repair()
            self.known += waiting + later
            self.assertEqual([f"<{2 + i} {id_of(one)}>" for i, one in enumerate(waiting + later)],
                             [client.receive(), client.receive(), other.receive(),
                              other.receive()])
        self.assertEqual(0, self.server.stop()[0])
        self.expect_all_there()

    def test_row_62_all_messages_of_a_transaction_that_fails_are_refused(self):
        """Those that came while the one before it was flushed are one transaction."""
        self.server.start()
        with self.server.connect() as client, self.server.connect() as other:
            self.expect_stored(client, self.messages(1))
            waiting = self.messages(1)
            self.disk.plan("wait", "flush", "log")
            client.send(waiting)
            self.wait_until(lambda: self.disk.affected)
            refused = self.messages(2), self.messages(3)
            client.send(refused[0])
            other.send(refused[1])
            time.sleep(0.1)
            self.disk.plan("fail", "write", "log", error=errno.ENOSPC)
            self.known += waiting
            self.assertEqual([f"<2 {id_of(waiting[0])}>", "store.full", "store.full"],
                             [client.receive() for _ in range(3)])
            self.assertEqual(["store.full"] * 3, [other.receive() for _ in range(3)])
            self.disk.repair()
            self.expect_stored(client, refused[0] + refused[1])
        self.assertEqual(0, self.server.stop()[0])
        self.expect_all_there()

    def wait_until(self, holds):
        until = time.monotonic() + TIMEOUT
        while not holds():
            self.assertLess(time.monotonic(), until)
            time.sleep(0.002)

    def test_row_68_every_call_of_a_start_may_fail(self):
        """It says so and ends, or nothing that matters has failed; the next start works."""
        self.server.start()
        with self.server.connect() as client:
            self.expect_stored(client, self.messages(3))
        for calls, error in (("open", errno.EACCES), ("write", errno.ENOSPC), ("flush", errno.EIO),
                             ("truncate", errno.EIO), ("read", errno.EIO)):
            first = 1
            failing = True
            while failing:
                with self.subTest(calls, first=first):
                    self.server.kill()
                    self.disk.plan("fail", calls, "database log mark folder", first, 1, error)
                    self.server.begin()
                    self.wait_for_start()
                    failing = self.disk.affected > 0
                    self.disk.repair()
                    if self.server.child.poll() is not None:
                        status, words = self.server.end()
                        self.assertEqual(1, status)
                        # What cannot be read is damaged, for SQLite.
                        self.assertRegex(words, r"store\.(failed|full|readonly|corrupt)")
                first += 3 if calls == "read" else 1
        self.server.kill()
        self.expect_all_there()

    def wait_for_start(self):
        """Until it serves or has ended."""
        def is_decided():
            if self.server.child.poll() is not None:
                return True
            try:
                self.server.connect().sock.close()
                return True
            except OSError:
                return False
        self.wait_until(is_decided)

    def test_row_80_settings_that_sqlite_ignores(self):
        self.disk.change(sabotage="lost pragma")
        self.assertIn("store.failed", self.server.refuse())

    def test_row_76_the_log_is_copied_before_it_is_large(self):
        """It seems to be 64 times as large as it is: with 1 MiB it is copied."""
        self.disk.change(log_scale=64)
        self.server.start()
        with self.server.connect() as client:
            for _ in range(60):
                self.expect_stored(client, self.messages(10, 9000))
        log = self.server.path.with_name("store.db-wal").stat().st_size
        self.assertLess(log, 2_500_000)
        self.assertGreater(self.server.path.stat().st_size, 4_000_000)
        self.assertEqual(0, self.server.stop()[0])
        self.expect_all_there()

    def test_row_75_a_clock_that_jumps(self):
        self.server.start()
        day = 86_400
        with self.server.connect() as client:
            for shift in (0, day, -day, 400 * day, -20_000 * day, 0):
                self.disk.change(clock_shift=shift)
                messages = self.messages(2)
                self.expect_stored(client, messages)
                self.assertEqual([f"<{len(self.known)} {id_of(messages[1])}>"],
                                 client.ask(messages[1:]))
        self.assertEqual(0, self.server.stop()[0])
        self.expect_all_there()

    def test_row_67_a_limit_of_the_size_of_files(self):
        self.server.start()
        with self.server.connect() as client:
            self.expect_stored(client, self.messages(3))
            waiting = self.messages(3, 9000)
            resource.prlimit(self.server.child.pid, resource.RLIMIT_FSIZE, (20_000, -1))
            self.expect_refused(client, waiting, "store.full")
            resource.prlimit(self.server.child.pid, resource.RLIMIT_FSIZE, (-1, -1))
            self.expect_stored(client, waiting)
        self.assertEqual(0, self.server.stop()[0])
        self.expect_all_there()


class SmallDisk(unittest.TestCase):
    """A file system that is really full, where one may mount one."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", folder.name],
                                 capture_output=True, check=False)
        if mounted.returncode != 0:
            self.skipTest("nothing may be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", folder.name], check=False)
        self.folder = Path(folder.name)
        self.server = StoringServer(folder.name)
        self.addCleanup(self.server.kill)

    def test_row_66_it_resumes_when_there_is_space(self):
        known = []
        self.server.start()
        with self.server.connect() as client:
            (self.folder / "another").write_bytes(b"x" * 800_000)
            number = 0
            while True:
                number += 1
                message = message_of(number, 9000)
                reply, = client.ask([message])
                if reply == "store.full":
                    break
                known.append(message)
                self.assertEqual(f"<{number} {id_of(message)}>", reply)
            os.remove(self.folder / "another")
            self.assertEqual([f"<{number} {id_of(message)}>"], client.ask([message]))
            known.append(message)
        self.server.kill()
        self.assertGreater(len(known), 10)
        self.assertEqual(list(enumerate(known, 1)), self.server.stored())


if __name__ == "__main__":
    unittest.main()
