"""What connections that are silent take in a server's memory, and how long a server takes to
start.
"""
import dataclasses
import resource
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

import document
from building import command_of
from measuring import say
from peers import FLOOR, FRAMEWIRE
from servers import Failed, Server
from tables import markdown, plain

CONNECTIONS = 10_000
# Of one address to one port, the system's range of ports allows about 28 000.
OF_ONE_ADDRESS = 25_000
# What a process needs besides: its libraries, its listener, its standard streams.
SPARE_DESCRIPTORS = 200
SETTLE_SECONDS = 1
PATIENCE_SECONDS = 20
STARTS = 30

PAYLOAD = 64 * b"x"
FRAMES = {"digits:10": b"0000000064" + PAYLOAD, "u32be": b"\0\0\0\x40" + PAYLOAD}

HEAD = ("peer", "resident bytes", "of its own", "connections")
START_HEAD = ("started", "median ms", "least", "most")


def raise_descriptor_limit(connections):
    """As far as allowed; answers how many connections fit. The servers inherit it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    fit = connections if most == resource.RLIM_INFINITY \
        else min(connections, most - SPARE_DESCRIPTORS)
    if fit < connections:
        say(f"only {fit} connections: the limit of descriptors (ulimit -Hn) is {most}")
    return fit


def memory_of(pid):
    """All that is resident, and what only this process has and has written to."""
    fields = dict(line.split(":", 1) for line in
                  Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
    return [1024 * int(fields[key].split()[0]) for key in ("Rss", "Private_Dirty")]


def ask(peer, frame):
    peer.sendall(frame)
    heard = b""
    while len(heard) < len(frame):
        part = peer.recv(len(frame) - len(heard))
        if not part:
            raise Failed("ended a connection")
        heard += part
    if heard != frame:
        raise Failed("gave a wrong reply")


def connect(server, number, frame):
    peer = socket.socket()
    try:
        peer.settimeout(PATIENCE_SECONDS)
        peer.bind((f"127.0.0.{2 + number // OF_ONE_ADDRESS}", 0))
        peer.connect(("127.0.0.1", server.port))
        ask(peer, frame)
    except OSError as error:
        peer.close()
        raise Failed(f"connection {number + 1}: {error}") from error
    except Failed:
        peer.close()
        raise
    return peer


def bytes_for_each(server, connections):
    """Growth of memory for one connection, as (resident, of its own)."""
    frame = FRAMES[server.peer.framing]
    # What the first message alone costs is not counted to the others.
    connect(server, 0, frame).close()
    time.sleep(SETTLE_SECONDS)
    before = memory_of(server.child.pid)
    crowd = []
    try:
        for number in range(connections):
            crowd.append(connect(server, number, frame))
        time.sleep(SETTLE_SECONDS)
        after = memory_of(server.child.pid)
    finally:
        for peer in crowd:
            peer.close()
    return [(late - early) / connections for early, late in zip(before, after)]


def with_room(peer, connections):
    if peer != FRAMEWIRE:
        return peer
    return dataclasses.replace(peer, command=(
        *(word for word in peer.command if word not in ("--max-per-address", "10000")),
        "--max-connections", str(connections + SPARE_DESCRIPTORS),
        "--max-per-address", str(connections + SPARE_DESCRIPTORS)))


def memory_rows(peers, connections, core):
    for peer in peers:
        say(f"{connections} connections to {peer.name}")
        server = Server(with_room(peer, connections), core)
        try:
            server.start()
            resident, own = bytes_for_each(server, connections)
            yield (peer.name, f"{resident:.0f}", f"{own:.0f}", str(connections))
        except Failed as failed:
            yield (peer.name, f"failed: {failed}")
        finally:
            server.stop()


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def first_reply_ms(peer):
    """From the start of the program to the first reply, asked for as early as it can be."""
    port, frame = free_port(), FRAMES[peer.framing]
    words = [*command_of(peer), f"127.0.0.1:{port}" if peer == FRAMEWIRE else str(port)]
    began = time.monotonic()
    child = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as one:
                    ask(one, frame)
                    return 1000 * (time.monotonic() - began)
            except ConnectionRefusedError:
                if child.poll() is not None or time.monotonic() - began > PATIENCE_SECONDS:
                    raise Failed("did not start") from None
    finally:
        child.kill()
        child.wait()


def run_ms(command):
    began = time.monotonic()
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
    return 1000 * (time.monotonic() - began)


def start_row(title, measure):
    times = sorted(measure() for _ in range(STARTS))
    return (title, *(f"{ms:.1f}" for ms in (statistics.median(times), times[0], times[-1])))


def start_rows(peers):
    say(f"{STARTS} starts of each")
    yield start_row("`/bin/true`", lambda: run_ms(["/bin/true"]))
    for peer in peers:
        if peer in (FLOOR, FRAMEWIRE):
            yield start_row(f"{peer.name}, to its first reply",
                            lambda peer=peer: first_reply_ms(peer))
    if FRAMEWIRE in peers:
        yield start_row("`framewire --help`",
                        lambda: run_ms([command_of(FRAMEWIRE)[0], "--help"]))


def run(peers, connections, core, write):
    connections = raise_descriptor_limit(connections)
    memory = list(memory_rows(peers, connections, core))
    starts = list(start_rows(peers))
    print("\n".join(["", "bytes in memory for an idle connection", *plain(HEAD, memory), "",
                     "start", *plain(START_HEAD, starts)]))
    if write:
        document.write_part("\n".join([*markdown(HEAD, memory), "",
                                       *markdown(START_HEAD, starts)]), document.IDLE)
    if any(row[1].startswith("failed") for row in memory):
        sys.exit("compare: not all could be measured")
