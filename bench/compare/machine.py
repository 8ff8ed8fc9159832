"""What the figures were measured on."""
import os
import platform
from pathlib import Path

from building import said
from windows import congestion_control


def processor():
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def describe():
    system = platform.freedesktop_os_release()
    return {"processor": processor(), "cores": len(os.sched_getaffinity(0)),
            "kernel": platform.release(), "system": system.get("PRETTY_NAME", ""),
            "compiler": f"GCC {said('/usr/bin/gcc', '-dumpfullversion')}",
            "congestion_control": congestion_control(),
            "load_average": os.getloadavg()[0]}
