"""Breaks the code on purpose, one small change at a time, and says which of the changes the tests
notice. By hand, not in CI: a change costs half a minute.

    python3 tests/mutation/mutate.py --named               the changes of named.toml
    python3 tests/mutation/mutate.py --named queue         those whose name contains this
    python3 tests/mutation/mutate.py --file src/net/acceptor.cpp [--sample 20] [--seed 1]
    python3 tests/mutation/mutate.py --list [--file ...]   what would be changed

The tree is copied to build/mutation/tree, and built beside it. With --only simulate, just that
program is run. Exits with 1 if a change was not noticed.
"""
import argparse
import random
import re
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRATCH = ROOT / "build/mutation"
TREE, BUILD = SCRATCH / "tree", SCRATCH / "build"
COPIED = ("CMakeLists.txt", "CMakePresets.json", "ARCHITECTURE.md", "cmake", "include", "src",
          "tests", "tools", "docs", "bench")
FOLDERS = ("src/net", "src/session", "include/framewire/session", "src/service", "src/io")
# The first to notice ends it, so the fastest come first.
PROGRAMS = {"session": ("session_tests", "simulate", "net_tests"),
            "service": ("service_tests", "simulate", "net_tests"),
            "io": ("io_tests", "simulate", "net_tests"), "net": ("simulate", "net_tests")}
SECONDS = 240

CHANGES = [  # what is looked for, and what it becomes
    (r" < ", (" <= ", " > ")), (r" <= ", (" < ",)), (r" > (?!\()", (" >= ",)), (r" >= ", (" > ",)),
    (r" == ", (" != ",)), (r" != ", (" == ",)), (r" && ", (" || ",)), (r" \|\| ", (" && ",)),
    (r" \+ ", (" - ",)), (r" - ", (" + ",)), (r" \+= ", (" -= ",)), (r" -= ", (" += ",)),
    (r"(?<![\w.])!(?=[\w(])", ("",)), (r"\bif \((?!!|const|auto|constexpr)", ("if (!",)),
    (r"\btrue\b", ("false",)), (r"\bfalse\b", ("true",)), (r"\bstd::min\b", ("std::max",)),
    (r"\bstd::max\b(?!\()", ()), (r"(?<![\w.'\"])\d+(?![\w.'\"])", ("NEXT",)),
    (r"\bcontinue;", ("break;",)),
]
STATEMENT = re.compile(r"^\s+(?!return|const|auto|using|case|default|if|for|while|else|struct"
                       r"|static|constexpr|friend|virtual|explicit|std::lock)"
                       r"[\w:>.()&*-]+.*;$")


class Change:
    def __init__(self, file, name, text, programs=None, equivalent=None):
        self.file, self.name, self.text = file, name, text
        layer = Path(file).parts[1 if file.startswith("src") else 2]
        self.programs = programs or PROGRAMS[layer]
        self.equivalent = equivalent


def closes(line):
    return line.count("(") == line.count(")") and line.count("{") == line.count("}")


def changes_of(file):
    """Every small change of a file."""
    text = (ROOT / file).read_text(encoding="utf-8")
    lines = text.split("\n")

    def with_line(at, line):
        return "\n".join(lines[:at] + [line] + lines[at + 1:])

    for at, line in enumerate(lines):
        code = line.partition("//")[0].rstrip()
        if not code.strip() or code.lstrip().startswith(("#", "template", "namespace")):
            continue
        for pattern, others in CHANGES:
            for found in re.finditer(pattern, code):
                for other in others:
                    if other == "NEXT":
                        other = str(int(found[0]) + 1)
                    new = code[:found.start()] + other + code[found.end():]
                    if other == "if (!":  # the condition must be closed again
                        if not (code.endswith("{") or code.endswith(";")) or not closes(code[:-1]):
                            continue
                        end = matching(code, found.end() - 1)
                        new = (code[:found.start()] + "if (!(" + code[found.end():end] + ")"
                               + code[end:])
                    yield Change(file, f"{file}:{at + 1}: {code.strip()}  ->  {new.strip()}",
                                 with_line(at, new))
        follows = lines[at - 1].rstrip().endswith((";", "{", "}"))
        if follows and STATEMENT.match(code) and closes(code):
            yield Change(file, f"{file}:{at + 1}: without  {code.strip()}", with_line(at, ""))


def matching(code, opening):
    depth = 0
    for at in range(opening, len(code)):
        depth += {"(": 1, ")": -1}.get(code[at], 0)
        if depth == 0:
            return at
    return len(code)


def named_changes(wanted):
    for one in tomllib.loads((Path(__file__).parent / "named.toml").read_text())["change"]:
        if wanted not in one["name"]:
            continue
        text = (ROOT / one["file"]).read_text(encoding="utf-8")
        old, new = one["old"].strip("\n"), one["new"].strip("\n")
        if text.count(old) != 1:
            sys.exit(f"{one['name']}: {one['file']} has this {text.count(old)} times:\n{old}")
        yield Change(one["file"], one["name"], text.replace(old, new), one.get("programs"),
                     one.get("equivalent"))


def prepare():
    wanted = {}
    for name in COPIED:
        source = ROOT / name
        for file in [source] if source.is_file() else source.rglob("*"):
            if file.is_file() and "__pycache__" not in file.parts:
                wanted[TREE / file.relative_to(ROOT)] = file
    for old in [file for file in TREE.rglob("*") if file.is_file() and file not in wanted]:
        old.unlink()
    for target, source in wanted.items():
        if not target.exists() or target.read_bytes() != source.read_bytes():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    if not (BUILD / "build.ninja").exists():
        subprocess.run(["cmake", "-S", TREE, "-B", BUILD, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug",
                        "-DCMAKE_CXX_FLAGS_DEBUG=-g0", "-DCMAKE_CXX_COMPILER=g++",
                        "-DFRAMEWIRE_BUILD_TESTS=ON"],
                       check=True, stdout=subprocess.DEVNULL)


def build(program):
    done = subprocess.run(["ninja", "-C", BUILD, program], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    return done.returncode == 0


def run(program, worlds):
    """What a program found, or nothing."""
    command = [BUILD / "tests" / program]
    command += ["1", str(worlds)] if program == "simulate" else ["--gtest_brief=1",
                                                                "--gtest_fail_fast"]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return "it never ends"
    if done.returncode == 0:
        return None
    said = done.stdout.decode(errors="replace")
    found = re.search(r"^seed .*$|(?<=\[  FAILED  \] )[\w./]+", said, re.MULTILINE)
    return found[0] if found else f"status {done.returncode}"


def attempt(change, only, worlds):
    """(result, by what)."""
    target = TREE / change.file
    before = target.read_text(encoding="utf-8")
    target.write_text(change.text, encoding="utf-8")
    try:
        for program in change.programs:
            if only and program not in only:
                continue
            if not build(program):
                return "not compiled", ""
            if found := run(program, worlds):
                return "noticed", f"{program}: {found}"
        return "NOT NOTICED", change.equivalent or ""
    finally:
        target.write_text(before, encoding="utf-8")


def main():
    options = argparse.ArgumentParser(description=__doc__,
                                      formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--named", nargs="?", const="")
    options.add_argument("--file", action="append", default=[])
    options.add_argument("--sample", type=int)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--list", action="store_true")
    options.add_argument("--only", action="append")
    options.add_argument("--worlds", type=int, default=3000)
    chosen = options.parse_args()
    files = chosen.file
    if not files and chosen.named is None:
        files = [str(one.relative_to(ROOT)) for folder in FOLDERS
                 for one in sorted((ROOT / folder).rglob("*.[ch]pp"))]
    changes = [] if chosen.named is None else list(named_changes(chosen.named))
    changes += [one for file in files for one in changes_of(file)]
    if chosen.sample is not None and chosen.sample < len(changes):
        changes = random.Random(chosen.seed).sample(changes, chosen.sample)
    if chosen.list:
        print(*(one.name for one in changes), sep="\n")
        return 0
    prepare()
    counts = {}
    for change in changes:
        began = time.monotonic()
        result, by = attempt(change, chosen.only, chosen.worlds)
        if result == "NOT NOTICED" and change.equivalent:
            result = "equivalent"
        counts[result] = counts.get(result, 0) + 1
        print(f"{result:12} {time.monotonic() - began:4.0f} s  {change.name}\n"
              f"{'':21}{by}", flush=True)
    print(", ".join(f"{count} {result}" for result, count in sorted(counts.items())))
    return 1 if counts.get("NOT NOTICED") else 0


if __name__ == "__main__":
    sys.exit(main())
