"""Our server beside what people would pick instead: builds the peers, measures all in turn, prints
tables. `./run compare --help` says how.
"""
import argparse
import json
import os
import signal
import sys
import time
from dataclasses import replace

import crowd
import document
import durable
import generators
import idle
import machine
import proxies
import secure
from building import Skipped, build, is_built, version_of
from figures import blocks_of, generator_rows
from loads import LOADS
from measuring import Measuring, say
from peers import DURABLE, FLOOR, LOAD, PEERS, PROXIES, WITH_TLS, WITH_U32BE
from servers import Servers
from tables import terminal
from windows import slow_rounds

# Many short rounds rather than few long ones: whatever else the machine does comes in bursts, and
# a ratio is of two runs that are close to each other.
FULL, QUICK = {"rounds": 24, "seconds": 0.5}, {"rounds": 3, "seconds": 0.25}


def chosen(names, all_of, what):
    names = [name for name in names.split(",") if name] if names else []
    unknown = set(names) - {one.name for one in all_of}
    if unknown:
        sys.exit(f"compare: no {what} {', '.join(sorted(unknown))}\n"
                 f"hint: there are {', '.join(one.name for one in all_of)}")
    return [one for one in all_of if not names or one.name in names]


def options():
    parser = argparse.ArgumentParser(
        prog="./run compare", description="our server beside what people would pick instead",
        epilog="The whole takes 20 minutes, --quick 3. The floor is always measured.")
    parser.add_argument("--quick", action="store_true",
                        help="fewer and shorter rounds: 3 of 0.25 s")
    parser.add_argument("--peers", metavar="A,B", help="only these")
    parser.add_argument("--loads", metavar="A,B", help="only these, 50x1x64B for instance")
    parser.add_argument("--rounds", type=int, help="how often everything is measured (24)")
    parser.add_argument("--seconds", type=float, help="how long each time (0.5)")
    parser.add_argument("--json", metavar="FILE", help="writes everything that was measured")
    parser.add_argument("--write", action="store_true",
                        help="writes docs/performance.md and docs/performance.svg")
    parser.add_argument("--framing", choices=("digits:10", "u32be"), default="digits:10",
                        help="u32be: only the floor and our server know it")
    parser.add_argument("--tls", action="store_true",
                        help="over TLS, beside servers that know it and the plain floor")
    parser.add_argument("--bare", action="store_true",
                        help="load by bench/peers/load.c, not by framewire bench")
    parser.add_argument("--idle", metavar="N", type=int, nargs="?", const=idle.CONNECTIONS,
                        help="measures instead what N idle connections take in memory "
                        f"({idle.CONNECTIONS}), and how long a start takes")
    parser.add_argument("--crowd", metavar="N", type=int, nargs="?", const=crowd.ROUNDS,
                        help="measures instead what a client waits beside crowds, in N rounds "
                        f"({crowd.ROUNDS}) of each")
    parser.add_argument("--durable", action="store_true",
                        help="measures instead what our store acknowledges, beside databases")
    parser.add_argument("--proxies", action="store_true",
                        help="measures proxies instead: ours, one that splices, HAProxy")
    parser.add_argument("--build", action="store_true", help="builds the peers, and no more")
    chosen_by_user = parser.parse_args()
    for name, value in (QUICK if chosen_by_user.quick else FULL).items():
        if getattr(chosen_by_user, name) is None:
            setattr(chosen_by_user, name, value)
    if chosen_by_user.rounds < 1 or chosen_by_user.seconds <= 0:
        parser.error("--rounds and --seconds must be more than nothing")
    if chosen_by_user.framing != "digits:10" and (chosen_by_user.write or chosen_by_user.bare):
        parser.error("--write and --bare are for digits:10")
    if chosen_by_user.tls and (chosen_by_user.framing != "digits:10" or chosen_by_user.bare):
        parser.error("--tls is for digits:10 and framewire bench")
    if chosen_by_user.idle is not None and chosen_by_user.idle < 1:
        parser.error("--idle must be more than nothing")
    if chosen_by_user.crowd is not None and chosen_by_user.crowd < 1:
        parser.error("--crowd must be more than nothing")
    return chosen_by_user


def build_all(peers):
    """Those that can take part, and why the others cannot."""
    built, skipped = [], {}
    for peer in peers:
        try:
            if not is_built(peer):
                say(f"building {peer.name}")
            build(peer)
            built.append(peer)
        except Skipped as reason:
            skipped[peer.name] = str(reason)
            say(f"skipped: {peer.name}: {reason}")
    return built, skipped


def two_cores():
    """One for the server, one for the load. On one core the figures would be the scheduler's."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        sys.exit("compare: this needs two cores, one for the server and one for its load")
    return cores[:2]


def result_of(measuring, chosen_by_user, peers, skipped, loads):
    servers = [name for name in ("floor", "framewire") if name in measuring.servers]
    return {
        "machine": machine.describe(),
        "options": {"rounds": chosen_by_user.rounds, "seconds": chosen_by_user.seconds},
        "generator": "`bench/peers/load.c`" if measuring.generator == generators.bare
        else "`framewire bench`",
        "versions": {peer.name: version_of(peer) for peer in peers},
        "skipped": skipped | measuring.skipped,
        "loads": list(blocks_of(measuring.samples, loads, list(measuring.servers),
                                beside_others=chosen_by_user.tls)),
        "generators": list(generator_rows(measuring.generator_samples, loads, servers))
        if measuring.has_product else [],
        "slow_rounds": list(slow_rounds(measuring.samples, loads)),
        "samples": measuring.samples,
        "generator_samples": measuring.generator_samples,
    }


def main():
    chosen_by_user = options()
    if chosen_by_user.durable:
        return durable.run(chosen(chosen_by_user.peers, DURABLE, "peer"),
                           chosen(chosen_by_user.loads, durable.LOADS, "load"), chosen_by_user)
    all_peers = WITH_TLS if chosen_by_user.tls else PEERS
    peers = chosen(chosen_by_user.peers, all_peers, "peer")
    peers = peers if FLOOR in peers else [FLOOR, *peers]
    if chosen_by_user.framing == "u32be":
        peers = list(WITH_U32BE)
    loads = chosen(chosen_by_user.loads, LOADS, "load")
    if chosen_by_user.tls:
        loads = [replace(load, generator_goal=None) for load in loads]
    if chosen_by_user.bare:
        loads = [load for load in loads if not load.largest]  # its messages have one size
    server_core, load_core = two_cores()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGHUP, lambda *_: sys.exit(129))
    peers, skipped = build_all(peers)
    if build_all([LOAD])[1] or "floor" not in (peer.name for peer in peers):
        sys.exit("compare: neither ratios nor loads without a C compiler")
    if chosen_by_user.build:
        return
    if chosen_by_user.idle:
        return idle.run(peers, chosen_by_user.idle, server_core, chosen_by_user.write)
    if chosen_by_user.crowd:
        return crowd.run(server_core, load_core, chosen_by_user.crowd, chosen_by_user.write)
    if chosen_by_user.proxies:
        found, missing = build_all(PROXIES)
        return proxies.run(found, missing, (server_core, load_core), chosen_by_user.rounds,
                           chosen_by_user.seconds, chosen_by_user.write)
    if chosen_by_user.tls:
        secure.make_certificate()
    began = time.monotonic()
    with Servers(peers, server_core) as servers:
        measuring = Measuring(servers, loads, load_core, chosen_by_user.seconds,
                              chosen_by_user.bare)
        measuring.run(chosen_by_user.rounds)
    result = result_of(measuring, chosen_by_user, peers, skipped, loads)
    print("\n".join(terminal(result)))
    say(f"\nmeasured in {time.monotonic() - began:.0f} s")
    if chosen_by_user.json:
        with open(chosen_by_user.json, "w", encoding="utf-8") as file:
            json.dump(result, file, indent=1)
    cipher = secure.cipher_line(server_core) if chosen_by_user.tls else ""
    if cipher:
        print(f"\n{cipher}")
    if chosen_by_user.write:
        secure.write(result, cipher) if chosen_by_user.tls else document.write(result)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
