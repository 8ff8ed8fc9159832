"""haproxy FOLDER TARGET [PORT]: HAProxy in TCP mode, one thread, before TARGET, a port of this
machine. Its configuration is written to FOLDER.
"""
import os
import socket
import sys
from pathlib import Path

CONFIGURATION = """
global
    nbthread 1
    maxconn 2000
defaults
    mode tcp
    timeout connect 5s
    timeout client 1h
    timeout server 1h
listen between
    bind 127.0.0.1:{port}
    server behind 127.0.0.1:{target}
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as one:
        return one.getsockname()[1]


def main():
    folder, target, *port = sys.argv[1:]
    listens = int(port[0]) if port and port[0] != "0" else free_port()
    written = Path(folder, f"haproxy-{target}.cfg")
    written.write_text(CONFIGURATION.format(port=listens, target=target), encoding="utf-8")
    os.execv("/usr/sbin/haproxy", ["haproxy", "-db", "-q", "-f", str(written)])


main()
