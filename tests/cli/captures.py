"""Captures of TCP conversations: written segment by segment or heard on the loopback device, and
read by tshark.
"""
import ctypes
import socket
import struct
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "interop"))

from foreign_peers import needed  # noqa: E402

SERVER, PORT, CLIENT_PORT = "10.0.0.1", 7000, 40000
FIRST_CLIENT = 0x0A010001
FIN, SYN, PUSH, ACK = 1, 2, 8, 16
ETHERNET, RAW_IP = 1, 101  # what a record begins with
FIELDS = ("header", "length", "payload", "skipped", "trailer", "error")
WORDS = "_ws.expert.message"
BETWEEN = "\x02"  # fields that occur several times


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def segment(source, target, sequence, flags, data):
    """From and to (address, port), as an IPv4 datagram."""
    tcp = struct.pack("!HHIIBBHHH", source[1], target[1], sequence, 1 if flags & ACK else 0,
                      5 << 4, flags, 0xFFFF, 0, 0) + data
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0,
                       socket.inet_aton(source[0]), socket.inet_aton(target[0]))
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + tcp


class Capture:
    """A file in pcap's format. Each conversation is a number, and has a client of its own."""

    def __init__(self, path, begins_with=RAW_IP):
        self.path = path
        self.conversations = 0
        self.records = 0
        self.file = open(path, "wb")
        self.file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 1 << 18, begins_with))

    def add(self, segments, answers=(), port=PORT):
        """A new conversation: the client's data in segments, or (place in its stream, data), then
        the server's. Returns its number."""
        number = self.conversations
        self.conversations += 1
        address = socket.inet_ntoa(struct.pack("!I", FIRST_CLIENT + number))
        client, server = (address, CLIENT_PORT), (SERVER, port)
        self.write(segment(client, server, 0, SYN, b""))
        self.write(segment(server, client, 0, SYN | ACK, b""))
        for source, target, parts in ((client, server, segments), (server, client, answers)):
            at = 0
            for part in parts:
                at, data = part if isinstance(part, tuple) else (at, part)
                self.write(segment(source, target, 1 + at, ACK | PUSH, data))
                at += len(data)
        return number

    def end(self, number, answered, port=PORT):
        """The server of a conversation ends its stream, after so many bytes."""
        address = socket.inet_ntoa(struct.pack("!I", FIRST_CLIENT + number))
        self.write(segment((SERVER, port), (address, CLIENT_PORT), 1 + answered, ACK | FIN, b""))

    def write(self, record):
        self.records += 1
        self.file.write(struct.pack("<IIII", self.records // 1_000_000, self.records % 1_000_000,
                                    len(record), len(record)) + record)

    def read(self, script, *options, ports=(PORT,)):
        """What tshark says of each conversation with these ports and each direction: for (number,
        True if it is from the client) the occurrences of each of FIELDS and WORDS in each segment,
        in order. Segments of which nothing is said are left out."""
        names = [f"framewire.{field}" for field in FIELDS] + [WORDS]
        text = self.show(script, *options, "-T", "fields", "-E", f"aggregator={BETWEEN}",
                         "-e", "tcp.stream", "-e", "tcp.srcport",
                         *(word for name in names for word in ("-e", name)))
        said = defaultdict(list)
        for line in text.splitlines():
            number, source, *values = line.split("\t")
            found = [value.split(BETWEEN) if value else [] for value in values]
            if any(found[:-1]) or any("reassemble" in words for words in found[-1]):
                said[int(number), int(source) not in ports].append(
                    dict(zip((*FIELDS, WORDS), found)))
        return said

    def show(self, script, *options):
        """What tshark prints. It complains of nothing, a fault of the script least of all."""
        self.file.flush()
        command = [needed("tshark"), "-n", "-r", self.path, "-X", f"lua_script:{script}", *options]
        done = subprocess.run(command, capture_output=True, timeout=240, check=False)
        complaints = [line for line in done.stderr.decode().splitlines()
                      if not line.startswith("Running as user")]
        if done.returncode or complaints:
            raise AssertionError(f"status {done.returncode}: {command}\n" + "\n".join(complaints))
        return done.stdout.decode()


def only_port(port):
    """A filter of the kernel's for TCP over IPv4: (code, if true, if false, value)."""
    return ((0x28, 0, 0, 12), (0x15, 0, 8, 0x0800),  # the protocol of the Ethernet frame
            (0x30, 0, 0, 23), (0x15, 0, 6, socket.IPPROTO_TCP),
            (0xB1, 0, 0, 14),  # the size of the IP header
            (0x48, 0, 0, 14), (0x15, 2, 0, port), (0x48, 0, 0, 16), (0x15, 0, 1, port),
            (0x06, 0, 0, 0xFFFF_FFFF), (0x06, 0, 0, 0))


class Ear:
    """Hears what goes over the loopback device to and from a port. The kernel leaves out all else,
    or tests that run at the same time would fill the buffer. Raises PermissionError where it must
    not."""

    def __init__(self, port, timeout):
        every_protocol, attach_filter = 3, 26
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
        code = b"".join(struct.pack("=HBBI", *step) for step in only_port(port))
        steps = ctypes.create_string_buffer(code)
        program = struct.pack("@HP", len(code) // 8, ctypes.addressof(steps))
        self.socket.setsockopt(socket.SOL_SOCKET, attach_filter, program)
        self.socket.bind(("lo", every_protocol))
        self.socket.settimeout(timeout)

    def close(self):
        self.socket.close()

    def write(self, capture):
        """Every segment, until both sides of a connection have ended."""
        ended = set()
        while len(ended) < 2:
            record, address = self.socket.recvfrom(1 << 17)
            if address[2] == socket.PACKET_OUTGOING:  # each comes a second time
                continue
            ip = record[14:]
            tcp = ip[(ip[0] & 15) * 4:]
            capture.write(record)
            if tcp[13] & FIN:
                ended.add(struct.unpack("!HH", tcp[:4]))
