"""What `--tls` needs besides: a certificate for the servers, and what the cipher alone could do."""
import re
import subprocess
import tempfile
from pathlib import Path

import document
from building import OUT, ROOT
from tables import document as tables_of

COMMAND = ROOT / "build/release/framewire"
CIPHER = "aes-128-gcm"  # which our client prefers, and all servers agree to
RECORDS = 64, 1024, 16384
SECONDS = 1


def make_certificate():
    folder = OUT / "tls"
    if (folder / "ca.pem").exists():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as made:
        subprocess.run([COMMAND, "certificate", "localhost", "127.0.0.1", "--folder", made],
                       check=True, stdout=subprocess.DEVNULL)
        Path(made).rename(folder)
        Path(made).mkdir()  # for the block to remove


def cipher_line(core):
    """A sentence, or nothing where OpenSSL's own program is missing."""
    found = []
    for size in RECORDS:
        try:
            said = subprocess.run(
                ["taskset", "-c", str(core), "openssl", "speed", "-evp", CIPHER, "-bytes",
                 str(size), "-seconds", str(SECONDS)],
                capture_output=True, text=True, check=True).stdout
        except (OSError, subprocess.CalledProcessError):
            return ""
        thousands = re.findall(r"([0-9.]+)k$", said.strip(), re.MULTILINE)
        found.append(f"{float(thousands[-1]) / 1e6:.2f} GB/s in pieces of {size} B")
    return f"`openssl speed -evp {CIPHER}` on the same core: " + ", ".join(found) + "."


def write(result, cipher):
    document.write_part("\n".join([*tables_of(result), cipher]), document.TLS)
