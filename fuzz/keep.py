"""Adds to fuzz/corpus the inputs of build/fuzz/corpus that reach what no other seed reaches. To be
called in the project's folder after a long `./run fuzz`.
"""
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

HEAD = """\
# Inputs that reach what no transcript reaches, a line for each; see fuzz/keep.py.
framing raw
"""
ESCAPES = {"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t"}


def new_inputs(target):
    seeds = Path("build/fuzz/seeds", target)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(seeds, folder, dirs_exist_ok=True)
        subprocess.run([f"build/fuzz/fuzz/fuzz_{target}", "-set_cover_merge=1", "-use_counters=0",
                        folder, f"build/fuzz/corpus/{target}"], check=True, capture_output=True)
        for file in sorted(Path(folder).iterdir()):
            if not (seeds / file.name).exists():
                yield file.read_bytes()


def written(data):
    """As a transcript writes bytes."""
    parts = re.findall(rb"[ -~\n\r\t]+|[^ -~\n\r\t]+", data)
    return " ".join(
        '"' + "".join(ESCAPES.get(char, char) for char in part.decode()) + '"'
        if re.match(rb"[ -~\n\r\t]", part) else part.hex(" ") for part in parts)


def main():
    for folder in sorted(Path("build/fuzz/corpus").iterdir()):
        kept = Path("fuzz/corpus", f"{folder.name}.transcript")
        lines = [f"< {written(data)}\n" for data in sorted(new_inputs(folder.name), key=len)]
        kept.parent.mkdir(exist_ok=True)
        text = kept.read_text(encoding="utf-8") if kept.exists() else HEAD
        kept.write_text(text + "".join(lines), encoding="utf-8")
        print(f"{folder.name}: {len(lines)} inputs")


if __name__ == "__main__":
    main()
