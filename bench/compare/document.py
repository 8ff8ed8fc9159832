"""Writes the tables and the plot into the documents."""
import textwrap

from building import ROOT
from peers import PEERS
from plot import svg
from tables import document, markdown

PAGE, PLOT = ROOT / "docs/performance.md", ROOT / "docs/performance.svg"
BEGIN, END = "<!-- compare: begin -->", "<!-- compare: end -->"
CROWD = "<!-- crowd: begin -->", "<!-- crowd: end -->"
TLS = "<!-- tls: begin -->", "<!-- tls: end -->"
DURABLE = "<!-- durable: begin -->", "<!-- durable: end -->"
PROXIES = "<!-- proxies: begin -->", "<!-- proxies: end -->"
IDLE = "<!-- idle: begin -->", "<!-- idle: end -->"


def between_markers(page, text, markers=(BEGIN, END)):
    before, begin, rest = page.partition(markers[0])
    _, end, after = rest.partition(markers[1])
    if not begin or not end:
        raise ValueError(f"no {markers[0]} and {markers[1]}")
    return f"{before}{begin}\n\n{text.strip()}\n\n{end}{after}"


def write_part(text, markers):
    PAGE.write_text(between_markers(PAGE.read_text(encoding="utf-8"), text, markers),
                    encoding="utf-8")


def introduction(result):
    machine, options = result["machine"], result["options"]
    yield f"![Messages per second, as a ratio to the floor]({PLOT.name})"
    yield ""
    yield from textwrap.wrap(
        f"{options['rounds']} rounds of {options['seconds']:g} s, by {result['generator']}. "
        f"The machine: {machine['processor']}, {machine['cores']} cores, "
        f"{machine['system']}, kernel {machine['kernel']}, {machine['congestion_control']}, "
        f"{machine['compiler']}.", 99,
        break_on_hyphens=False)
    yield ""
    yield from markdown(("peer", "what it does per read", "version"),
                        [(peer.name, peer.reads, result["versions"][peer.name])
                         for peer in PEERS if peer.name in result["versions"]], left=3)
    yield ""


def write(result):
    text = "\n".join([*introduction(result), *document(result)])
    write_part(text, (BEGIN, END))
    PLOT.write_text(svg(result), encoding="utf-8")
