"""What is between a server and the files of its store: a plan in a file that it and we have mapped
(shim.cpp), and a trace of what it wrote, flushed and acknowledged."""
import errno
import mmap
import os
import struct
import tempfile
from pathlib import Path

# Bits, in the order of shim.cpp and trace.hpp.
CALLS = {"open": 1, "write": 2, "truncate": 4, "flush": 8, "unlink": 16, "read": 32}
FILES = {"database": 1, "log": 2, "mark": 4, "journal": 8, "folder": 16, "other": 32}
ACTIONS = ("pass", "fail", "cut short", "wait", "end process")
SABOTAGES = ("", "no flush", "late pragma", "lost pragma")

_PLAN = struct.Struct("<iiiiii")
_COUNTS = struct.Struct("<ii")
_CHANGES = struct.Struct("<iiq")
EVER = -1


def bits(names, of):
    return sum(of[name] for name in names.split())


class Disk:
    """`prefix` is of the command of a server whose store is in `folder`."""

    def __init__(self, folder, trace=None):
        self.file = tempfile.NamedTemporaryFile()
        self.file.truncate(mmap.PAGESIZE)
        self.map = mmap.mmap(self.file.fileno(), mmap.PAGESIZE)
        shim = Path(os.environ["FRAMEWIRE_DISK_SHIM"]).resolve()
        self.prefix = ["env", f"LD_PRELOAD={shim}", f"FRAMEWIRE_DISK_PLAN={self.file.name}",
                       f"FRAMEWIRE_DISK_FOLDER={folder}"]
        if trace:
            self.prefix.append(f"FRAMEWIRE_DISK_TRACE={trace}")

    def close(self):
        self.map.close()
        self.file.close()

    def plan(self, action, calls, files, first=1, times=EVER, error=errno.EIO):
        """From now on, such calls `first` to `first + times` are affected."""
        self.repair()
        _COUNTS.pack_into(self.map, _PLAN.size, 0, 0)
        _PLAN.pack_into(self.map, 0, 0, bits(calls, CALLS), bits(files, FILES), first, times,
                        error)
        self.map[0:4] = struct.pack("<i", ACTIONS.index(action))

    def repair(self):
        self.map[0:4] = bytes(4)

    def change(self, sabotage="", log_scale=0, clock_shift=0):
        """`log_scale`: the log of changes counts as so many times as large, so that it is copied
        into the database often. `clock_shift`: seconds."""
        _CHANGES.pack_into(self.map, _PLAN.size + _COUNTS.size, SABOTAGES.index(sabotage),
                           log_scale, clock_shift)

    @property
    def seen(self):
        return _COUNTS.unpack_from(self.map, _PLAN.size)[0]

    @property
    def affected(self):
        return _COUNTS.unpack_from(self.map, _PLAN.size)[1]
