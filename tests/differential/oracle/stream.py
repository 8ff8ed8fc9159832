"""A whole stream and a place in it, and what can be wrong with it."""
import math


class Wrong(Exception):
    """The stream cannot be read on."""

    def __init__(self, name, offset):
        super().__init__(name, offset)
        self.name, self.offset = name, offset


class Refused(Exception):
    """The payload cannot be framed."""

    def __init__(self, name):
        super().__init__(name)
        self.name = name


class Stream:

    def __init__(self, data):
        self.data = data
        self.at = 0
        self.frame = 0                    # where the present frame begins
        self.frames_read = 0
        self.header_bytes_max = math.inf  # of what `next` reads
        self.frame_bytes_max = math.inf   # likewise, of a frame that does not say how large it is

    def at_end(self):
        return self.at == len(self.data)

    def begin_frame(self):
        self.frame = self.at

    def next(self):
        """The next byte, as a number."""
        if self.at_end():
            raise self.truncated()
        self.at += 1
        if self.at - self.frame > self.frame_bytes_max:
            raise self.too_large()
        if self.at - self.frame > self.header_bytes_max:
            raise self.wrong("frame.syntax")
        return self.data[self.at - 1]

    def take(self, size):
        """The next `size` bytes."""
        if size > len(self.data) - self.at:
            self.at = len(self.data)
            raise self.truncated()
        self.at += size
        return self.data[self.at - size:self.at]

    def wrong(self, name):
        """The byte read last is wrong."""
        return Wrong(name, self.at - 1)

    def too_large(self):
        return Wrong("frame.too_large", self.frame)

    def truncated(self):
        return Wrong("frame.truncated", len(self.data))
