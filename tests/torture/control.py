"""What makes calls of a command fail: a file that it and we have mapped (shim.cpp)."""
import errno
import mmap
import os
import struct
import tempfile
from pathlib import Path

# In the order of `call` in shim.cpp, from 1. The errors are those that their manuals name, and that
# the kernel can return for what we pass.
_ERRORS = {
    "allocate": "ENOMEM",
    "accept4": "EAGAIN ECONNABORTED EINTR EMFILE ENFILE ENOBUFS ENOMEM EPERM EPROTO ENETDOWN "
               "EHOSTUNREACH EINVAL",
    "recv": "EAGAIN ECONNRESET EINTR ENOMEM ENOBUFS ETIMEDOUT EHOSTUNREACH EINVAL ENOTCONN",
    "send": "EAGAIN ECONNRESET EINTR ENOBUFS ENOMEM EPIPE ETIMEDOUT EHOSTUNREACH ENETDOWN "
            "EMSGSIZE",
    "epoll_ctl": "ENOMEM ENOSPC EPERM EEXIST ENOENT",
    "epoll_wait": "EINTR ENOMEM",
    "epoll_pwait2": "EINTR ENOMEM ENOSYS EPERM",
    "epoll_create1": "EMFILE ENFILE ENOMEM",
    "eventfd": "EMFILE ENFILE ENOMEM ENODEV",
    "read": "EAGAIN EINTR EIO",
    "write": "EAGAIN EINTR EIO ENOSPC EPIPE EDQUOT",
    "shutdown": "ENOTCONN ENOBUFS",
    "setsockopt": "ENOMEM ENOBUFS EINVAL ENOPROTOOPT EPERM",
    "getsockopt": "ENOBUFS EINVAL",
    "getpeername": "ENOBUFS ENOTCONN",
    "getsockname": "ENOBUFS",
    "fcntl": "EMFILE EAGAIN EINVAL",
    "socket": "EMFILE ENFILE ENOMEM EACCES EAFNOSUPPORT",
    "bind": "EADDRINUSE EACCES EADDRNOTAVAIL ENOMEM",
    "listen": "EADDRINUSE",
    "connect": "ECONNREFUSED ETIMEDOUT ENETUNREACH EADDRNOTAVAIL EAGAIN EINTR",
    "poll": "EINTR ENOMEM EINVAL",
    "open": "EMFILE ENFILE ENOMEM EACCES ENOENT EINTR",
    "pipe2": "EMFILE ENFILE",
    "socketpair": "EMFILE ENFILE ENOBUFS",
    "pthread_create": "EAGAIN",
    "posix_spawn": "ENOMEM EAGAIN ENOENT EMFILE",
}
CALLS = list(_ERRORS)
ERRORS = {name: [getattr(errno, one) for one in text.split()] for name, text in _ERRORS.items()}

_PLAN = struct.Struct("<iiii")
_COUNTS = struct.Struct("<iiq")
EVER = -1


class Control:
    """`environment` is for the command whose calls are to fail."""

    def __init__(self, shim, folder=None):
        self.file = tempfile.NamedTemporaryFile(dir=folder)
        self.file.truncate(mmap.PAGESIZE)
        self.map = mmap.mmap(self.file.fileno(), mmap.PAGESIZE)
        # What has an output of its own must not be mixed with an output of ours.
        self.environment = {**os.environ, "LD_PRELOAD": str(Path(shim).resolve()),
                            "FRAMEWIRE_TORTURE": self.file.name}

    def close(self):
        self.map.close()
        self.file.close()

    def fail(self, call, first, times, error):
        """From now on, the calls `first` to `first + times` fail."""
        self.stop()
        _COUNTS.pack_into(self.map, _PLAN.size, 0, 0, self.blocks)
        _PLAN.pack_into(self.map, 0, CALLS.index(call) + 1, first, times, error)

    def stop(self):
        self.map[0:4] = bytes(4)

    @property
    def seen(self):
        return _COUNTS.unpack_from(self.map, _PLAN.size)[0]

    @property
    def failed(self):
        return _COUNTS.unpack_from(self.map, _PLAN.size)[1]

    @property
    def blocks(self):
        """Allocated now."""
        return _COUNTS.unpack_from(self.map, _PLAN.size)[2]
