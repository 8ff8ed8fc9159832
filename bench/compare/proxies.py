"""Proxies in turn, each alone on a core, before the floor, which shares the core of the load."""
from dataclasses import replace
from statistics import median

import document
from figures import blocks_of, good, ratios, spread
from loads import Load
from measuring import Measuring
from peers import BEHIND, FLOOR, PROXIES
from servers import Server, Servers
from tables import HEAD, markdown, plain, ratio, rows_of

LOADS = (
    Load(4, 16, 16 << 10, goal=0.9),
    Load(50, 100, 64),
    Load(50, 1, 64),
)
SPLICE, HAPROXY, OURS = "splice", "haproxy", "framewire"
PIPELINED, PIPELINED_GOAL = LOADS[1].name, 5e6


def before(peer, port):
    return replace(peer, command=tuple(word.replace(BEHIND, str(port)) for word in peer.command))


def sentences(samples):
    """What our proxy does compared with HAProxy, and whether it is fast enough."""
    for load in LOADS:
        ours, theirs = (good(samples, load=load.name, peer=name) for name in (OURS, HAPROXY))
        if ours and theirs:
            cpu = [theirs[at]["cpu_ns_per_message"] / ours[at]["cpu_ns_per_message"]
                   for at in sorted(ours.keys() & theirs.keys())]
            yield (f"{load.title}: ours to HAProxy {ratio(spread(ratios(ours, theirs)))}; "
                   f"HAProxy takes {median(cpu):.2f} times the CPU of ours.")
        if ours and load.name == PIPELINED:
            rate = median(one["messages_per_second"] for one in ours.values())
            met = "met" if rate >= PIPELINED_GOAL else "not met"
            yield (f"{load.title}: {rate / 1e6:.2f} M messages/s; "
                   f"goal {PIPELINED_GOAL / 1e6:g} M: {met}.")


def tables(blocks, skipped, written):
    head = ("proxy", "messages/s", "to splice", *HEAD[3:])
    for block in blocks:
        if written:
            yield from (*markdown((block["title"], *head[1:]), rows_of(block, {})), "")
        else:
            yield from ("", block["title"], *plain(head, rows_of(block, skipped)))


def run(peers, skipped, cores, rounds, seconds, write):
    """`peers` are those of PROXIES that are there."""
    proxy_core, load_core = cores
    behind = Server(FLOOR, load_core)
    behind.start()
    try:
        placed = [before(peer, behind.port) for peer in PROXIES if peer in peers]
        with Servers(placed, proxy_core) as servers:
            measuring = Measuring(servers, LOADS, load_core, seconds, False)
            measuring.run(rounds)
    finally:
        behind.stop()
    skipped = skipped | measuring.skipped
    blocks = list(blocks_of(measuring.samples, LOADS, list(measuring.servers), floor=SPLICE))
    said = list(sentences(measuring.samples))
    print("\n".join([*tables(blocks, skipped, False), "", *said]))
    if write:
        words = [f"{rounds} rounds of {seconds:g} s.", "", *tables(blocks, skipped, True)]
        if skipped:
            words.append("Skipped: " + "; ".join(f"{name} ({reason})" for name, reason
                                                  in skipped.items()) + ".")
        document.write_part("\n".join([*words, *(f"- {one}" for one in said)]), document.PROXIES)
