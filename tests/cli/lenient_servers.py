"""Echo servers for several framings, each with a mistake in how it reads them. `serve(sock)` talks
to one client, in a thread of its own.
"""
import time

from mistaken_servers import framed, length_of, messages


def frames_of(read, write):
    """A server from how a frame is read (None at the end) and written."""
    def serve(sock):
        with sock.makefile("rb") as file:
            while (payload := read(file)) is not None:
                sock.sendall(write(payload))
    return serve


def byte_of(file):
    byte = file.read(1)
    if not byte:
        raise EOFError
    return byte


def until(file, *ends):
    data = b""
    while (byte := byte_of(file)) not in ends:
        data += byte
    return data


def _netstring(file):
    """int() reads the length, anything ends it, and any byte ends the payload."""
    payload = file.read(int(until(file, b":", b";")))
    byte_of(file)
    return payload


def _fields(file):
    """The last line that looks like the field counts."""
    length = None
    while line := file.readline().strip():
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value.split(b",")[0])
    return None if length is None else file.read(length)


def _signed(file):
    length = int.from_bytes(byte_of(file) + file.read(3), "big", signed=True)
    return file.read(max(length, 0))


def _with_itself(file):
    """The length counts its own two bytes."""
    length = int.from_bytes(byte_of(file) + file.read(1), "big")
    return file.read(max(length - 2, 0))


def _varint(file):
    length = shift = 0
    while (byte := byte_of(file)[0]) & 0x80:
        length |= (byte & 0x7F) << shift
        shift += 7
    return file.read((length | byte << shift) & 0xFFFFFFFF)


def _bcd(file):
    """A digit may be up to fifteen."""
    number = 0
    for byte in (byte_of(file) + file.read(1)):
        number = number * 100 + (byte >> 4) * 10 + (byte & 15)
    return file.read(number)


def _mllp(file):
    byte_of(file)
    payload = until(file, b"\x1c")
    byte_of(file)
    return payload


def _line(file):
    """What does not fit into its buffer is a line, too."""
    return file.readline(16).rstrip(b"\n") or None


netstring = frames_of(_netstring, lambda payload: b"%d:%s," % (len(payload), payload))
fields = frames_of(_fields, lambda payload: b"Content-Length: %d\r\n\r\n%s"
                   % (len(payload), payload))
signed = frames_of(_signed, lambda payload: len(payload).to_bytes(4, "big") + payload)
with_itself = frames_of(_with_itself,
                        lambda payload: (len(payload) + 2).to_bytes(2, "big") + payload)
varint = frames_of(_varint, lambda payload: bytes([len(payload)]) + payload)
bcd = frames_of(_bcd, lambda payload: bytes.fromhex("%04d" % len(payload)) + payload)
mllp = frames_of(_mllp, lambda payload: b"\x0b" + payload + b"\x1c\r")
line = frames_of(_line, lambda payload: payload + b"\n")


def refuses_the_largest(sock):
    for message in messages(sock):
        if len(message) >= 100:
            return
        sock.sendall(framed(message))


def unwraps(sock):
    """Takes what looks like a frame in a frame for the message."""
    for message in messages(sock):
        while len(message) > 10 and message[:10].isdigit():
            message = message[10:10 + int(message[:10])]
        sock.sendall(framed(message))


def has_a_short_queue(sock):
    """More than a hundred messages at once are too many."""
    data = b""
    while part := sock.recv(1 << 20):
        data += part
        replies = 0
        time.sleep(0.02)
        while len(data) >= 10 and len(data) >= 10 + length_of(data[:10]):
            size = 10 + length_of(data[:10])
            if replies < 100:
                sock.sendall(data[:size])
            replies += 1
            data = data[size:]


class ForgetsToFree:
    """Each connection takes one of forty places, and none gives it back."""

    def __init__(self):
        self.places = 40

    def __call__(self, sock):
        self.places -= 1
        if self.places >= 0:
            for message in messages(sock):
                sock.sendall(framed(message))
