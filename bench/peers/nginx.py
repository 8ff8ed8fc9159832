"""nginx FLOOR CERTIFICATE KEY [PORT]: nginx's stream module, one worker, as the end of TLS in front
of the floor, which shares its core.
"""
import os
import socket
import subprocess
import sys
from pathlib import Path

MODULE = "/usr/lib/nginx/modules/ngx_stream_module.so"
CONFIGURATION = """
load_module {module};
daemon off; master_process off; pid {folder}/pid; error_log stderr;
events {{ worker_connections 4096; }}
stream {{
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {certificate}; ssl_certificate_key {key};
        ssl_protocols TLSv1.2 TLSv1.3;
        tcp_nodelay on; proxy_buffer_size 64k; proxy_pass 127.0.0.1:{behind};
    }}
}}
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as one:
        return one.getsockname()[1]


def main():
    floor, certificate, key, *port = sys.argv[1:]
    behind = free_port()
    listens = int(port[0]) if port and port[0] != "0" else free_port()
    # It ends with us: nginx takes the place of this program, and keeps its number.
    subprocess.Popen(["setpriv", "--pdeathsig", "TERM", floor, str(behind)])
    folder = Path(floor).resolve().parent / "nginx"
    folder.mkdir(exist_ok=True)
    written = folder / "nginx.conf"
    written.write_text(CONFIGURATION.format(
        module=MODULE, folder=folder, port=listens, certificate=Path(certificate).resolve(),
        key=Path(key).resolve(), behind=behind), encoding="utf-8")
    os.execv("/usr/sbin/nginx", ["nginx", "-p", str(folder), "-e", "stderr", "-c", str(written)])


main()
