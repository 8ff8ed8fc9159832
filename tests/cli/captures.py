"""Captures of TCP conversations: written segment by segment, and read by tshark."""
import shutil
import socket
import struct
import subprocess
from collections import defaultdict

TSHARK = shutil.which("tshark")
SERVER, CLIENT = "10.0.0.1", "11.0.0.1"
PORT, CLIENT_PORT = 7000, 40000
FIN, SYN, PUSH, ACK = 1, 2, 8, 16
RAW_IP = 101  # what a capture's records begin with
FIELDS = ("framewire.header", "framewire.length", "framewire.payload", "framewire.skipped",
          "framewire.trailer", "framewire.error", "_ws.expert.message")
BETWEEN = "\x02"  # fields that occur several times


def checksum(data):
    words = struct.unpack(f"!{len(data) // 2}H", data)
    total = sum(words)
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def segment(source, target, sequence, flags, data):
    """From and to (address, port), as an IPv4 datagram."""
    tcp = struct.pack("!HHIIBBHHH", source[1], target[1], sequence, flags & ACK and 1, 5 << 4, flags,
                      0xFFFF, 0, 0) + data
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0,
                       socket.inet_aton(source[0]), socket.inet_aton(target[0]))
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + tcp


class Capture:
    """A file in pcap's format. Each conversation is a number, and has a client of its own."""

    def __init__(self, path):
        self.path = path
        self.conversations = 0
        self.records = 0
        self.file = open(path, "wb")
        self.file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 1 << 18, RAW_IP))

    def add(self, segments, answers=()):
        """A new conversation: the client's data in segments, or (place in its stream, data), then
        the server's. Returns its number."""
        number = self.conversations
        self.conversations += 1
        address = socket.inet_ntoa(struct.pack("!I", 0x0B000001 + number))
        client, server = (address, CLIENT_PORT), (SERVER, PORT)
        self.write(segment(client, server, 0, SYN, b""))
        self.write(segment(server, client, 0, SYN | ACK, b""))
        for source, target, parts in ((client, server, segments), (server, client, answers)):
            at = 0
            for part in parts:
                at, data = part if isinstance(part, tuple) else (at, part)
                self.write(segment(source, target, 1 + at, ACK | PUSH, data))
                at += len(data)
        return number

    def write(self, datagram):
        self.records += 1
        self.file.write(struct.pack("<IIII", self.records // 1000000, self.records % 1000000,
                                    len(datagram), len(datagram)) + datagram)

    def read(self, script, *options):
        """What tshark says of each conversation and direction: for (number, True if it is from the
        client) the occurrences of each of FIELDS by segment, in order. Segments of which nothing
        is said are left out."""
        self.file.close()
        said = defaultdict(list)
        for line in tshark(self.path, script, *options, "-T", "fields", "-E",
                           f"aggregator={BETWEEN}", "-e", "tcp.stream", "-e", "tcp.srcport",
                           *(word for field in FIELDS for word in ("-e", field))).splitlines():
            number, port, *fields = line.split("\t")
            values = {field: text.split(BETWEEN) if text else []
                      for field, text in zip(FIELDS, fields)}
            if any(values[field] for field in FIELDS[:-1]):
                said[int(number), int(port) != PORT].append(values)
        return said


def tshark(path, script, *options):
    """Its output; it complains of nothing, a fault in the script least of all."""
    command = [TSHARK, "-n", "-r", path, "-X", f"lua_script:{script}", *options]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    complaints = [line for line in done.stderr.decode().splitlines() if "as user" not in line]
    if done.returncode or complaints:
        raise AssertionError(f"status {done.returncode}: {command}\n" + "\n".join(complaints))
    return done.stdout.decode()
