"""Builds the peers that can be built, and says why others cannot."""
import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "bench/peers"
OUT = ROOT / "build/compare"


class Skipped(Exception):
    """Why a peer takes no part."""


def filled(word, name=""):
    for key, value in (("out", OUT), ("source", SOURCE), ("root", ROOT), ("name", name)):
        word = word.replace("{" + key + "}", str(value))
    return word


def command_of(peer):
    return [filled(word, peer.name) for word in peer.command]


def check_needs(peer):
    missing = {}
    for path, package in peer.needs:
        if not Path(filled(path)).exists():
            missing.setdefault(package, path.removeprefix("{root}/"))
    if missing:
        raise Skipped("; ".join(f"no {path}" + (f" (package {package})" if package else "")
                                for package, path in missing.items()))


def is_built(peer):
    if not peer.build:
        return True
    program = Path(filled(peer.program, peer.name))
    newest = max((SOURCE / source).stat().st_mtime for source in peer.sources)
    return program.exists() and program.stat().st_mtime >= newest


def build(peer):
    """Leaves it ready to be started, or throws Skipped."""
    check_needs(peer)
    if is_built(peer):
        return
    OUT.mkdir(parents=True, exist_ok=True)
    if peer.name == "tokio":
        shutil.copytree(SOURCE / "tokio", OUT / "tokio", dirs_exist_ok=True)
    # Caches and settings of whoever runs this have no part in it.
    environment = dict(os.environ, PATH="/usr/bin:/bin", CARGO_HOME=str(OUT / "cargo"),
                       GOCACHE=str(OUT / "go-cache"), GO111MODULE="auto", GOFLAGS="",
                       GOTOOLCHAIN="local", GOPROXY="off")
    for unwanted in ("RUSTFLAGS", "RUSTC", "CARGO_TARGET_DIR", "CARGO_BUILD_TARGET"):
        environment.pop(unwanted, None)
    done = subprocess.run([filled(word, peer.name) for word in peer.build], env=environment,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = (done.stderr + done.stdout).strip().splitlines()
        raise Skipped(f"does not compile: {said[0] if said else 'no words'}")
    os.utime(filled(peer.program, peer.name))


def version_of(peer):
    """As Debian counts; elsewhere nothing is known."""
    if peer.name == "framewire":
        return said(command_of(peer)[0], "--version").removeprefix("framewire ")
    return ", ".join(f"{package} {version_of_package(package)}" for package in peer.packages)


def version_of_package(package):
    return said("dpkg-query", "-W", "-f", "${Version}", package) or "of unknown version"


def said(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""
