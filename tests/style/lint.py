"""lint.py TREE [--all]: what neither a build nor a test finds: format, headers and sources that
need what they do not include, scripts that do not parse, clang-tidy. TREE is configured without
precompiled headers. Without --all, clang-tidy reads only what the change may have touched.
"""
import json
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

FOLDERS = ("include", "src", "tools", "tests", "examples", "bench", "fuzz")
# For a source that includes all others: it is not beside .clang-tidy, and they are no headers.
MERGED = ["--config-file=.clang-tidy", "--checks=-bugprone-suspicious-include",
          f"--header-filter={Path.cwd()}/(include|src|tools|examples)/.*"]
# Whatever these say may change what a check says of any file.
OF_ALL = re.compile(r"\.clang-tidy|CMakePresets\.json|cmake/.*|(.*/)?CMakeLists\.txt")
INCLUDE = re.compile(r'^\s*#include [<"]([^>"]+)[>"]', re.MULTILINE)
# A header is included by an empty source: in a source, `#pragma once` would have no effect.
CLANG = ["clang++-16", "-std=c++20", "-fsyntax-only", "-x", "c++", "/dev/null", "-include"]
TIDY = ["clang-tidy-16", "--quiet", "--warnings-as-errors=*",
        "--extra-arg=-Wno-unknown-warning-option"]  # the commands are GCC's


def files(*endings):
    """Not asked of git, which may be absent."""
    return sorted(path for folder in FOLDERS for path in Path(folder).rglob("*")
                  if path.suffix in endings and path.is_file())


def passed(commands):
    """Runs them in turns, as many at once as there are processors; prints what failed."""
    def run(command):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode:
            print(done.stdout.decode(errors="replace"), end="", flush=True)
        return done.returncode == 0

    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        return all(list(pool.map(run, commands)))


def git(*arguments):
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, text=True)
    except FileNotFoundError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def changed_files():
    """Since the branch left origin/main, or since the commit before, and what is not committed;
    None if nobody knows."""
    head = git("rev-parse", "HEAD")
    base = git("merge-base", "HEAD", "origin/main")
    if head is None or base in (None, head):
        base = git("rev-parse", "--verify", "--quiet", "HEAD~1")
    if base is None:
        return None
    changes = git("diff", "--name-only", base)
    added = git("ls-files", "--others", "--exclude-standard")
    return None if changes is None or added is None else {*changes.split(), *added.split()}


def including(changed):
    """These files, and all that include them, directly or not. Names decide: of two headers with
    the same name, either may be meant."""
    included = {str(path): {name.replace("../", "") for name in INCLUDE.findall(path.read_text())}
                for path in files(".hpp", ".ipp", ".cpp")}
    touched, news = set(changed), set(changed)
    while news:
        names = {name[at:] for name in news for at in ends_of(name)}
        news = {path for path, names_in in included.items() if names_in & names} - touched
        touched |= news
    return touched


def ends_of(path):
    return [0, *(found.end() for found in re.finditer("/", path))]


class Unit:
    """What the compiler reads at once: a source, or all of a layer or room (CMAKE_UNITY_BUILD), for
    which clang-tidy takes a fifth of the time: most of that goes into the headers."""

    def __init__(self, entry):
        self.entry, self.path = entry, Path(entry["file"])
        self.tree = Path(entry["directory"])  # where clang-tidy finds the command
        self.merged = self.path.name.startswith("unity_")
        text = self.path.read_text() if self.merged else ""
        self.sources = [os.path.relpath(name) for name in INCLUDE.findall(text) or [self.path]]
        self.folder = os.path.dirname(self.sources[0])
        self.of_tests = re.search(r" -o (\S+)", entry["command"])[1].startswith("tests/")

    def alone(self, source):
        """The command that compiles only this one, and leaves nothing."""
        command = self.entry["command"].replace(str(self.path), os.path.abspath(source))
        return ["bash", "-c", f"cd {self.entry['directory']} && {command} -fsyntax-only"]

    def header_as_here(self, header):
        options = re.findall(r"(?:-I|-isystem )\S+", self.entry["command"])
        return [*CLANG, header, *" ".join(options).split()]


def units_of(tree):
    """Those of layers and the command before those of tests, which compile some of them again."""
    units = [Unit(entry) for entry in
             json.loads(Path(tree, "compile_commands.json").read_text())]
    examples = [unit for unit in units if unit.folder == "examples"]
    if len(examples) > 1:
        units = [*(unit for unit in units if unit not in examples), merged(examples, tree)]
    return sorted(units, key=lambda unit: (unit.of_tests, -len(unit.sources)))


def merged(programs, tree):
    """One unit of several programs: each in a namespace, after all that any of them includes."""
    sources = sorted(source for unit in programs for source in unit.sources)
    headers = sorted({line for source in sources
                      for line in re.findall(r"^#include .*$", Path(source).read_text(),
                                             re.MULTILINE)})
    spaces = [f'namespace program_{number} {{\n#include "{Path(source).resolve()}"\n}}'
              for number, source in enumerate(sources)]
    path = Path(tree, "examples", "unity_all.cxx").resolve()
    path.write_text("\n".join([*headers, *spaces, ""]))
    first = programs[0].entry
    options = dict.fromkeys(option for unit in programs for option in
                            re.findall(r"(?:-I|-isystem |-D)\S+", unit.entry["command"]))
    # In a namespace, main is a function that has to return something.
    command = " ".join([first["command"].replace(first["file"], str(path)), *options,
                        "-Wno-return-type"])
    entry = {**first, "file": str(path), "command": command}
    (path.parent / "compile_commands.json").write_text(json.dumps([entry]))
    unit = Unit(entry)
    unit.sources, unit.folder, unit.tree = sources, "examples", path.parent
    return unit


def lint_format():
    return passed([["clang-format-16", "--dry-run", "-Werror",
                    *map(str, files(".hpp", ".ipp", ".cpp", ".c"))]])


def lint_includes(units, changed):
    """The public headers alone as users include them, and whatever changed as its target does."""
    checks = [[*CLANG, str(header), "-Iinclude"] for header in files(".hpp")
              if header.parts[0] == "include"]
    for path in map(str, files(".hpp", ".cpp")):
        if path not in changed or path.startswith(("include/", "tests/support/")):
            continue
        header = path.endswith(".hpp")
        unit = next((unit for unit in units if path in unit.sources or
                     header and unit.folder == os.path.dirname(path)), None)
        if unit:
            checks.append(unit.header_as_here(path) if header else unit.alone(path))
    return passed(checks)


def lint_scripts():
    shell = [["bash", "-n", script] for script in
             ("run", ".ci/run", ".ci/packages", "fuzz/run", *map(str, files(".sh")))]
    # compile() leaves no __pycache__.
    python = [sys.executable, "-c", "import sys\n"
              "for name in sys.argv[1:]: compile(open(name, 'rb').read(), name, 'exec')"]
    return passed([*shell, [*python, *map(str, files(".py"))]])


def lint_tidy(units, touched):
    """The tests are left out for time's sake."""
    ours = [unit for unit in units if not unit.of_tests]
    chosen = [unit for unit in ours if touched.intersection(unit.sources)]
    print(f"{sum(len(unit.sources) for unit in chosen)} of "
          f"{sum(len(unit.sources) for unit in ours)} sources", flush=True)
    return passed([[*TIDY, "-p", str(unit.tree), *(MERGED if unit.merged else ()), str(unit.path)]
                   for unit in chosen])


def main():
    tree, *options = sys.argv[1:]
    if options not in ([], ["--all"]):
        print("run: lint takes only --all", file=sys.stderr)
        sys.exit(2)
    began = time.monotonic()
    units = units_of(tree)
    every = set(map(str, files(".hpp", ".ipp", ".cpp")))
    changed = changed_files()
    if changed is None:
        changed = every
    touched = every if options or any(map(OF_ALL.fullmatch, changed)) else including(changed)
    failed = []
    for name, check in (("format", lint_format),
                        ("includes", lambda: lint_includes(units, changed)),
                        ("scripts", lint_scripts),
                        ("tidy", lambda: lint_tidy(units, touched))):
        print(f"== Checking {name}", flush=True)
        if not check():
            failed.append(name)
    if failed:
        sys.exit(f"run: lint is not clean: {' '.join(failed)}")
    print(f"== lint is clean ({time.monotonic() - began:.0f} s)")


if __name__ == "__main__":
    main()
