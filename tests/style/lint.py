"""lint.py TREE [--all]: what a build does not find, and no test: format, headers that need another
one before them, scripts that do not parse, clang-tidy. TREE is configured without precompiled
headers. Without --all, clang-tidy reads only what the change may have touched.
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
# Whatever these say may change what a check says of any file.
OF_ALL = re.compile(r"\.clang-tidy|CMakePresets\.json|cmake/.*|(.*/)?CMakeLists\.txt")
INCLUDE = re.compile(r'^\s*#include [<"]([\w./]+)[>"]', re.MULTILINE)
CLANG = ["clang++-16", "-std=c++20", "-fsyntax-only", "-Wno-pragma-once-outside-header"]
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


def commands_of(tree):
    """{source: its compiler command}; a source that several targets compile comes once."""
    commands = {}
    for entry in json.loads(Path(tree, "compile_commands.json").read_text()):
        name = os.path.relpath(entry["file"])
        if not name.startswith(("build", "..")):
            commands.setdefault(name, entry)
    return commands


def lint_format():
    return passed([["clang-format-16", "--dry-run", "-Werror",
                    *map(str, files(".hpp", ".ipp", ".cpp", ".c"))]])


def lint_headers(commands, touched):
    """The public ones as users include them, the private ones as the sources beside them do."""
    checks = []
    for header in map(str, files(".hpp")):
        if header.startswith("include/"):
            checks.append([*CLANG, "-Iinclude", "-x", "c++", header])
        elif header in touched:
            beside = [entry for source, entry in commands.items()
                      if source.startswith(os.path.dirname(header) + "/")]
            if beside:
                checks.append([*CLANG, *folders_of(beside[0]), "-x", "c++", header])
    return passed(checks)


def folders_of(entry):
    """With the working directory's name, as they may be relative to it."""
    words = re.findall(r"(-I|-isystem |-D)(\S+)", entry["command"])
    return [option.strip() + (value if option == "-D" else os.path.join(entry["directory"], value))
            for option, value in words if "\\" not in value]


def lint_scripts():
    shell = [["bash", "-n", script] for script in
             ("run", ".ci/run", ".ci/packages", "fuzz/run", *map(str, files(".sh")))]
    # compile() leaves no __pycache__.
    python = [sys.executable, "-c", "import sys\n"
              "for name in sys.argv[1:]: compile(open(name, 'rb').read(), name, 'exec')"]
    return passed([*shell, [*python, *map(str, files(".py"))]])


def lint_tidy(tree, commands, touched):
    """Of the tests, for time's sake, only that they compile without a precompiled header."""
    database = Path(tree, "tidy", "compile_commands.json")
    database.parent.mkdir(exist_ok=True)
    database.write_text(json.dumps(list(commands.values())))
    chosen = sorted(source for source in commands if source in touched)
    print(f"{len(chosen)} of {len(commands)} sources", flush=True)
    return passed([["bash", "-c", f"cd {commands[source]['directory']} && "
                    f"{commands[source]['command']} -fsyntax-only"]
                   if source.startswith("tests/") else [*TIDY, "-p", str(database.parent), source]
                   for source in chosen])


def main():
    tree, *options = sys.argv[1:]
    if options not in ([], ["--all"]):
        print("run: lint takes only --all", file=sys.stderr)
        sys.exit(2)
    began = time.monotonic()
    commands = commands_of(tree)
    changed = None if options else changed_files()
    everything = changed is None or any(map(OF_ALL.fullmatch, changed))
    touched = set(map(str, files(".hpp", ".ipp", ".cpp"))) if everything else including(changed)
    failed = []
    for name, check in (("format", lint_format),
                        ("headers", lambda: lint_headers(commands, touched)),
                        ("scripts", lint_scripts),
                        ("tidy", lambda: lint_tidy(tree, commands, touched))):
        print(f"== Checking {name}", flush=True)
        if not check():
            failed.append(name)
    if failed:
        sys.exit(f"run: lint is not clean: {' '.join(failed)}")
    print(f"== lint is clean ({time.monotonic() - began:.0f} s)")


if __name__ == "__main__":
    main()
