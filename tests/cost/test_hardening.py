"""What makes a mistake hard to exploit is there: in how a server is compiled for a release, and in
how the command is linked. Read from the files themselves (elf(5)).
"""
import os
import platform
import struct
import unittest
from pathlib import Path

PT_DYNAMIC, PT_GNU_STACK, PT_GNU_RELRO = 2, 0x6474E551, 0x6474E552
DT_NULL, DT_STRTAB, DT_SYMTAB, DT_FLAGS, DT_FLAGS_1, DT_STRSZ = 0, 5, 6, 30, 0x6FFFFFFB, 10
DF_BIND_NOW, DF_1_NOW, DF_1_PIE, PF_X, ET_DYN = 8, 1, 0x08000000, 1, 3
ENDBR64 = b"\xf3\x0f\x1e\xfa"


class Program:
    """A program of 64 bits, little-endian."""

    def __init__(self, path):
        self.data = Path(path).read_bytes()
        assert self.data[:6] == b"\x7fELF\x02\x01", path
        self.kind, = struct.unpack_from("<H", self.data, 16)
        offset, = struct.unpack_from("<Q", self.data, 32)
        size, count = struct.unpack_from("<HH", self.data, 54)
        headers = [struct.unpack_from("<IIQQQQ", self.data, offset + size * i)
                   for i in range(count)]
        self.segments = {header[0]: header for header in headers}
        self.loads = [header for header in headers if header[0] == 1]
        self.dynamic = self._dynamic()

    def _dynamic(self):
        _, _, offset, _, _, size = self.segments[PT_DYNAMIC]
        entries = {}
        for key, value in struct.iter_unpack("<qQ", self.data[offset:offset + size]):
            entries.setdefault(key, value)
        return entries

    def _offset(self, address):
        return next(address - at + offset for _, _, offset, at, _, size in self.loads
                    if at <= address < at + size)

    def names(self):
        """Those of all symbols that the program shares with libraries."""
        begin = self._offset(self.dynamic[DT_STRTAB])
        return set(self.data[begin:begin + self.dynamic[DT_STRSZ]].decode().split("\0"))

    def code(self):
        return b"".join(self.data[offset:offset + size]
                        for _, flags, offset, _, _, size in self.loads if flags & PF_X)


class Hardening(unittest.TestCase):

    def test_linked(self):
        for variable in ("FRAMEWIRE", "FRAMEWIRE_COST_ECHO"):
            program = Program(os.environ[variable])
            with self.subTest(variable):
                self.assertEqual(ET_DYN, program.kind, "its addresses are the same in every run")
                self.assertTrue(program.dynamic.get(DT_FLAGS_1, 0) & DF_1_PIE)
                self.assertIn(PT_GNU_RELRO, program.segments, "what is linked stays writable")
                now = (program.dynamic.get(DT_FLAGS, 0) & DF_BIND_NOW
                       or program.dynamic.get(DT_FLAGS_1, 0) & DF_1_NOW)
                self.assertTrue(now, "functions are linked when they are called, so they must "
                                     "stay writable")
                self.assertFalse(program.segments[PT_GNU_STACK][1] & PF_X,
                                 "the stack can be executed")

    def test_compiled(self):
        program = Program(os.environ["FRAMEWIRE_COST_ECHO"])
        names = program.names()
        self.assertIn("__stack_chk_fail", names, "no function guards its stack")
        checked = {name for name in names if name.startswith("__") and name.endswith("_chk")}
        self.assertTrue(checked, "no copy is checked")
        if platform.machine() == "x86_64":
            self.assertGreater(program.code().count(ENDBR64), 100, "jumps may lead anywhere")


if __name__ == "__main__":
    unittest.main()
