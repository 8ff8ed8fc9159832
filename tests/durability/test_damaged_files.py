"""Files that are not as they were left: the store refuses them by name and keeps them, or nothing
that was acknowledged is missing."""
import random
import shutil
import sqlite3
import tempfile
import unittest
from pathlib import Path

from storing import StoringServer, id_of, message_of

PAGE = 4096
O_CLOEXEC = 0o2000000


class DamagedFiles(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.server = StoringServer(self.folder)
        self.addCleanup(self.server.kill)
        self.database = self.folder / "store.db"
        self.log = self.folder / "store.db-wal"
        self.mark = self.folder / "store.db-mark"

    def fill(self, first=1, count=40, size=600):
        """Stores messages with numbers from `first`, which have these offsets."""
        self.server.start()
        with self.server.connect() as client:
            for at in range(first, first + count, 5):
                messages = [message_of(at + i, size) for i in range(min(5, first + count - at))]
                self.assertEqual([f"<{at + i} {id_of(one)}>" for i, one in enumerate(messages)],
                                 client.ask(messages))

    def expect_there(self, count, first=1, size=600):
        self.assertEqual([(number, message_of(number, size))
                          for number in range(first, first + count)], self.server.stored())

    def expect_refused(self, *words):
        """Nothing is changed."""
        before = self.files()
        said = self.server.refuse()
        self.assertIn("store.corrupt", said)
        for word in words:
            self.assertIn(word, said)
        after = self.files()
        self.assertEqual([], [name for name in before if before[name] != after.get(name)])
        self.assertLessEqual({*after}, {*before, self.log.name})

    def files(self):
        return {one.name: one.read_bytes() for one in self.folder.iterdir()
                if one.is_file() and one.name.endswith((".db", "-wal", "-mark"))}

    def expect_accepted_with_loss(self, left):
        """Once it was used nevertheless, it is a store as any other."""
        self.server.start("--accept-loss")
        self.assertEqual(left, len(self.server.stored()))
        with self.server.connect() as client:
            message = message_of(1000, 50)
            self.assertEqual([f"<{left + 1} {id_of(message)}>"], client.ask([message]))
        self.server.kill()
        self.server.start()
        self.assertEqual(left + 1, len(self.server.stored()))

    def test_row_72_a_log_that_was_deleted(self):
        self.fill()
        self.server.kill()
        self.log.unlink()
        self.expect_refused("--accept-loss", "40")
        self.expect_accepted_with_loss(0)

    def test_row_72_a_database_restored_without_its_log(self):
        self.fill()
        self.server.stop()
        old = self.database.read_bytes()
        self.fill(first=41)
        self.server.kill()
        self.log.unlink()
        self.database.write_bytes(old)
        self.expect_refused("--accept-loss", "80")
        self.expect_accepted_with_loss(40)

    def test_row_71_a_log_that_is_damaged_in_its_middle(self):
        """SQLite would drop the rest without a word."""
        self.fill()
        self.server.kill()
        log = bytearray(self.log.read_bytes())
        log[len(log) // 2] ^= 1
        self.log.write_bytes(log)
        self.expect_refused("--accept-loss")

    def test_row_70_a_transaction_of_which_a_part_is_in_the_log(self):
        self.fill()
        self.server.kill()
        log = self.log.read_bytes()
        for more in (b"", log[32:32 + 24 + PAGE], log[-24 - PAGE:-1000], b"\0" * 100):
            self.log.write_bytes(log + more)
            self.server.start()
            self.server.kill()
            self.expect_there(40)

    def test_row_71_a_log_that_is_too_short(self):
        self.fill()
        self.server.kill()
        self.log.write_bytes(self.log.read_bytes()[:-100])
        self.expect_refused("--accept-loss")

    def test_row_72_a_database_that_is_gone(self):
        self.fill()
        self.server.stop()
        self.database.unlink()
        self.expect_refused("is gone")

    def test_row_69_an_empty_file(self):
        for is_stored in (False, True):
            with self.subTest(is_stored):
                if is_stored:
                    self.fill()
                    self.server.stop()
                self.database.write_bytes(b"")
                self.expect_refused("is empty")
                self.database.unlink()
                self.mark.unlink(missing_ok=True)

    def test_row_69_files_of_other_kinds(self):
        for content in (b"x", b"offset,payload\n1,a\n" * 1000, b"\0" * 8192,
                        b"SQLite format 3\0" + b"\xff" * 9000):
            with self.subTest(content[:20]):
                self.database.write_bytes(content)
                self.expect_refused()
        self.database.unlink()
        with sqlite3.connect(self.database) as other:
            other.execute("CREATE TABLE messages(offset, time, id, payload)")
        other.close()
        self.expect_refused("not a store")

    def test_row_69_a_version_that_is_not_known(self):
        self.fill()
        self.server.stop()
        with sqlite3.connect(self.database) as newer:
            newer.execute("PRAGMA user_version=2")
        newer.close()
        self.expect_refused("version 2")

    def test_row_72_a_mark_of_which_a_part_was_written(self):
        self.fill()
        self.server.kill()
        mark = self.mark.read_bytes()
        for damaged in (mark[:64], mark[:100], mark[64:], b"", mark[:70] + b"\0" * 58,
                        b"stored 99999" + mark[12:], b"x" * 128):
            with self.subTest(damaged[:20]):
                self.mark.write_bytes(damaged)
                self.server.start()
                self.server.kill()
        self.mark.unlink()
        self.fill(first=41, count=2)
        self.server.kill()
        self.log.unlink()
        self.expect_refused("--accept-loss")

    def test_row_69_bits_that_have_changed(self):
        """In the headers of the file and of its pages, and where these say their cells are."""
        self.fill(count=150)
        self.server.stop()
        whole = self.database.read_bytes()
        mark = self.mark.read_bytes()
        places = list(range(100)) + [page * PAGE + at for page in range(len(whole) // PAGE)
                                     for at in range(100 if page == 0 else 0, 24)]
        chance = random.Random(1)
        refused = 0
        for place in chance.sample(places, 60):
            bit = chance.randrange(8)
            with self.subTest(place, bit=bit):
                damaged = bytearray(whole)
                damaged[place] ^= 1 << bit
                self.database.write_bytes(damaged)
                self.mark.write_bytes(mark)
                self.log.unlink(missing_ok=True)
                status, out, words = self.server.store("list", "--json")
                if status == 0:
                    self.expect_there(150)
                else:
                    refused += 1
                    self.assertEqual(1, status)
                    self.assertRegex(words, r"store\.(corrupt|failed)")
                    self.assertTrue(bytes(damaged) == self.database.read_bytes())
        self.assertGreater(refused, 20)

    def test_row_74_only_one_process_has_it(self):
        self.fill()
        second = StoringServer(self.folder)
        self.assertIn("store.busy", second.refuse())
        self.assertEqual(1, self.server.store("verify")[0])
        with self.server.connect() as client:
            self.assertEqual([f"<41 {id_of(message_of(41, 50))}>"],
                             client.ask([message_of(41, 50)]))

    def test_row_81_no_other_program_inherits_its_files(self):
        self.fill()
        info = Path(f"/proc/{self.server.child.pid}")
        ours = [one.name for one in (info / "fd").iterdir()
                if str(one.readlink()).startswith(str(self.folder))]
        self.assertGreaterEqual(len(ours), 3)
        for one in ours:
            flags = int((info / "fdinfo" / one).read_text().split("flags:")[1].split()[0], 8)
            self.assertTrue(flags & O_CLOEXEC)

    def test_row_77_and_78_another_message_with_the_same_id(self):
        """After a kill, too."""
        self.fill()
        self.server.kill()
        self.server.start()
        with self.server.connect() as client:
            same, other = message_of(7, 600), message_of(7, 600)[:-1] + b"x"
            self.assertEqual([f"<7 {id_of(same)}>", "store.conflict", f"<7 {id_of(same)}>"],
                             client.ask([same, other, same]))
        self.server.kill()
        self.expect_there(40)

    def test_a_copy_of_the_whole_folder(self):
        """As a backup of a store that is not open."""
        self.fill()
        self.server.kill()
        with tempfile.TemporaryDirectory() as copy:
            for one in self.files():
                shutil.copy(self.folder / one, copy)
            self.assertEqual(40, len(StoringServer(copy).stored()))


if __name__ == "__main__":
    unittest.main()
