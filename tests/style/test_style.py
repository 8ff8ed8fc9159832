"""The rules of CONTRIBUTING.md that a program can check, over every file of the tree: which layer
includes which, how long things are, what they are called. Each rule is a function from a path and
its text to (line, fault) pairs, and is tried on made-up texts first.
"""
import io
import keyword
import re
import tokenize
import unittest
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("include", "src", "tools", "tests", "examples", "fuzz", "bench", "cmake")

USES = {"core": set(), "codec": {"core"}, "session": {"codec", "core"}, "service": {"core"},
        "transcript": {"session", "codec", "core"},
        "io": {"core"},
        "transport": {"core"},
        "net": {"session", "service", "transport", "codec", "core", "io"},
        "asio": {"net", "session", "transport", "codec", "core", "io"},
        "load": {"session", "transport", "codec", "core", "io"},
        "player": {"transcript", "net", "session", "transport", "codec", "core", "io"},
        "store": {"net", "session", "service", "transport", "codec", "core", "io"},
        "capture": {"core"}, "dump": {"core"},
        "guess": {"codec", "core"},
        "walkthrough": {"transcript", "session", "codec", "core"}}
NETWORK_HEADERS = {"boost/asio": "asio", "openssl/": "transport"}
IO_AND_CLOCK = re.compile(
    r"chrono|ctime|time\.h|sys/.+|unistd\.h|poll\.h|fcntl\.h|netinet/.+|arpa/.+|iostream|istream"
    r"|ostream|fstream|sstream|cstdio|stdio\.h|filesystem|thread|mutex|atomic|future|boost/.+")

LINE_COLUMNS, FILE_LINES, FUNCTION_LINES = 100, 400, 70
NOT_USED = {"packet", "manager", "context", "util", "utils", "helper", "helpers"}
# `packet` alone is Wireshark's number of a record in a capture.
BORROWED = {"packet", "io_context", "execution_context", "SSLContext", "create_default_context",
            "enter_context", "AF_PACKET", "PACKET_OUTGOING", "SSL_CTX_set_session_id_context"}
SOCKET_WORDS = re.compile(r"session|socket|connection|stream_protocol")

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.MULTILINE)
CPP_NOISE = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"([^(\s]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'", re.DOTALL)
INITIALISER = re.compile(r"(?<=[\w>])\{[^{};]*\}")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PROMISE = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b")
BANNER = re.compile(r"^\s*(//|#|/?\*)(.*[^-=|])?\s*([-=*#/~_])\3{3,}")


def at_line(text, position):
    return text.count("\n", 0, position) + 1


def without_noise(text):
    """C++ without comments and literals; lines stay where they are."""
    return CPP_NOISE.sub(lambda found: '""' + "\n" * found[0].count("\n"), text)


def layer_of(path):
    parts = PurePosixPath(path).parts
    if parts[:2] == ("include", "framewire") and len(parts) > 3:
        return parts[2]
    return parts[1] if parts[0] == "src" and len(parts) > 2 else None


def is_cpp(path):
    return PurePosixPath(path).suffix in (".cpp", ".hpp", ".ipp")


def includes_of(text):
    for found in INCLUDE.finditer(text):
        yield at_line(text, found.start(2)), found[2]


def layering(path, text):
    layer = layer_of(path)
    if layer is None or not is_cpp(path):
        return
    if layer not in USES:
        yield 1, f"there is no layer {layer}"
        return
    for line, header in includes_of(text):
        parts = header.split("/")
        is_public = parts[0] == "framewire" and len(parts) > 2
        is_internal = len(parts) == 2 and parts[0] in USES and header.endswith(".hpp")
        if is_public or is_internal:
            if parts[1 if is_public else 0] not in USES[layer] | {layer}:
                yield line, f"{layer} may not include {header}"
        elif ".." in parts:
            yield line, f"{header} leaves its folder"
        elif any(header.startswith(name) and layer != owner
                 for name, owner in NETWORK_HEADERS.items()):
            yield line, f"{layer} may not include {header}"
        elif layer == "codec" and IO_AND_CLOCK.fullmatch(header):
            yield line, f"a codec does no I/O and has no clock: {header}"


def clocks(path, text):
    """Time is an argument, but for what waits: `io` and all above it."""
    if layer_of(path) not in (None, "io", "net", "asio", "load", "player", "store"):
        code = without_noise(text)
        for found in re.finditer(r"_clock\s*::\s*now|\bclock_gettime|\btime\s*\(", code):
            yield at_line(code, found.start()), "time is an argument here"


def ignorance(path, text):
    """A service knows neither session nor socket."""
    if layer_of(path) == "service":
        code = without_noise(text)
        for found in SOCKET_WORDS.finditer(code):
            yield at_line(code, found.start()), f"a service knows no {found[0]}"


def lengths(path, text):
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if len(line) > LINE_COLUMNS:
            yield number, f"{len(line)} columns"
    if len(lines) - 1 > FILE_LINES:
        yield len(lines) - 1, "the file is too long"


def is_function(heading):
    """Whether a block with this text before its brace, outside of any other, is code."""
    heading = re.sub(r"\balignas\s*\([^)]*\)|\[\[.*?\]\]|^\s*#.*$", "", heading, flags=re.MULTILINE)
    heading = re.sub(r"^\s*template\s*<.*?>\s*(?=class|struct)", "", heading, flags=re.DOTALL)
    return "(" in heading and not re.match(r"\s*(namespace|extern)\b", heading)


def is_scope(heading):
    return re.search(r"\b(namespace|class|struct|union|extern)\b", heading) is not None


def functions(path, text):
    if PurePosixPath(path).suffix not in (".cpp", ".ipp"):
        return
    text = INITIALISER.sub(lambda found: "\n" * found[0].count("\n"), without_noise(text))
    heading_from, opened, begin = 0, [], None
    for found in re.finditer(r"[{};]", text):
        heading = text[heading_from:found.start()]
        heading_from = found.end()
        if found[0] == "{":
            inside = begin is not None
            opened.append(not inside and not is_function(heading) and is_scope(heading))
            if not inside and not opened[-1] and is_function(heading):
                begin, depth = at_line(text, found.start()), len(opened)
        elif found[0] == "}" and opened:
            if begin is not None and len(opened) == depth:
                size = at_line(text, found.start()) - begin + 1
                if size > FUNCTION_LINES:
                    yield begin, f"a function of {size} lines"
                begin = None
            opened.pop()


def file_names(path, _):
    name = PurePosixPath(path).name
    if PurePosixPath(path).suffix in (".cpp", ".hpp", ".ipp", ".py", ".cmake"):
        if not re.fullmatch(r"[a-z0-9_]+\.[a-z]+|framewire-config\.cmake", name):
            yield 1, "a file's name is in snake_case"
    if set(PurePosixPath(path).parts) & {"common", "utils", "misc"}:
        yield 1, "no common/, utils/, misc/"


def identifiers_of(path, text):
    if is_cpp(path):
        code = without_noise(INCLUDE.sub("", text))
        for found in re.finditer(r"[A-Za-z_]\w*", code):
            yield at_line(code, found.start()), found[0]
    elif PurePosixPath(path).suffix == ".py":
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.NAME and not keyword.iskeyword(token.string):
                yield token.start[0], token.string


def words_not_used(path, text):
    for line, name in identifiers_of(path, text.replace("ssl::context", "")):  # Asio's
        if name not in BORROWED and NOT_USED & set(name.lower().split("_")):
            yield line, f"the word in {name!r} is not used here"


def pragma_once(path, text):
    if PurePosixPath(path).suffix == ".hpp" and not text.startswith("#pragma once\n"):
        yield 1, "does not begin with #pragma once"


def promises_and_banners(_, text):
    for number, line in enumerate(text.split("\n"), 1):
        if PROMISE.search(line):
            yield number, "an open promise"
        if BANNER.match(line):
            yield number, "a banner"


def blanks(_, text):
    for number, line in enumerate(text.split("\n"), 1):
        if "\t" in line or "\r" in line:
            yield number, "a tab or CR"
        if line != line.rstrip():
            yield number, "blanks at the end"
    if text and (not text.endswith("\n") or text.endswith("\n\n")):
        yield at_line(text, len(text)), "a file ends with one end of line"


def unit_tests(path, text):
    """They stand with the layer or room that they test, which they therefore include."""
    parts = PurePosixPath(path).parts
    if parts[:2] != ("tests", "unit") or not is_cpp(path):
        return
    rooms = ("cli", "check", "metrics", "trace", "replay", "proxy")
    if len(parts) < 4 or parts[2] not in (*USES, *rooms):
        yield 1, "stands in no layer's folder"
        return
    own = [header for _, header in includes_of(text)
           if header.startswith((f"framewire/{parts[2]}/", f"{parts[2]}/"))
           or header.count("/") == 0]
    if not own:
        yield 1, f"tests nothing of {parts[2]}"
    # Several files are compiled as one, and must not see what others have for themselves.
    if not re.search(rf"^namespace framewire::(tests::)?{parts[3][:-4]}_tests {{$", text, re.M):
        yield 1, f"its namespace is not {parts[3][:-4]}_tests"


def links(path, text):
    """Those of a document that lead into the tree."""
    text = re.sub(r"```.*?```", lambda block: "\n" * block[0].count("\n"), text, flags=re.DOTALL)
    for found in LINK.finditer(text):
        target = found[1].partition("#")[0]
        elsewhere = re.match(r"[a-z]+:", target)
        if target and not elsewhere and not ((ROOT / path).parent / target).exists():
            yield at_line(text, found.start()), f"{found[1]} is not there"


CODE = (layering, clocks, ignorance, lengths, functions, file_names, words_not_used, pragma_once,
        promises_and_banners, blanks, unit_tests)
SUFFIXES = {".cpp", ".hpp", ".ipp", ".py", ".cmake"}


def code_files():
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix in SUFFIXES or file.name == "CMakeLists.txt":
                yield file


def documents():
    hidden = re.compile(r"^(build|\.)")
    for file in sorted(ROOT.rglob("*.md")):
        if not any(hidden.match(part) for part in file.relative_to(ROOT).parts):
            yield file


def faults(rule, files):
    for file in files:
        path = file.relative_to(ROOT).as_posix()
        for line, fault in rule(path, file.read_text(encoding="utf-8")):
            yield f"{path}:{line}: {fault}"


CPP, HPP = "src/net/x.cpp", "include/framewire/net/x.hpp"
LONG_BODY = "    f();\n" * 70
TESTS = "namespace framewire::x_tests {\n"

# rule, path, text, and the line of its fault; None if it has none
SAMPLES = [
    (layering, "src/codec/x.cpp", '#include "framewire/core/a.hpp"\n#include "y.hpp"\n', None),
    (layering, "src/codec/x.cpp", '\n#include "framewire/session/a.hpp"\n', 2),
    (layering, "src/core/x.cpp", '#include "framewire/codec/a.hpp"\n', 1),
    (layering, "src/service/x.cpp", '#include "framewire/codec/a.hpp"\n', 1),
    (layering, "src/transcript/x.cpp", '#include "framewire/session/a.hpp"\n', None),
    (layering, "include/framewire/transcript/x.hpp", '#include "framewire/net/a.hpp"\n', 1),
    (layering, "include/framewire/session/x.hpp", "#include <boost/asio/write.hpp>\n", 1),
    (layering, "src/session/x.cpp", "#include <openssl/ssl.h>\n", 1),
    (layering, CPP, "#include <boost/asio.hpp>\n", 1),
    (layering, CPP, '#include "framewire/asio/stream.hpp"\n', 1),
    (layering, CPP, '#include "io/sockets.hpp"\n#include <net/if.h>\n', None),
    (layering, "src/asio/x.cpp", "#include <boost/asio.hpp>\n", None),
    (layering, "src/asio/x.cpp", '#include "framewire/net/a.hpp"\n', None),
    (layering, "src/io/x.cpp", '#include "framewire/core/a.hpp"\n', None),
    (layering, "src/io/x.cpp", '#include "framewire/session/a.hpp"\n', 1),
    (layering, "src/io/x.cpp", "#include <boost/asio.hpp>\n", 1),
    (layering, CPP, '#include "framewire/transcript/a.hpp"\n', 1),
    (layering, CPP, '#include "../codec/a.hpp"\n', 1),
    (layering, "src/codec/x.cpp", "#include <span>\n#include <chrono>\n", 2),
    (layering, "src/codec/x.cpp", "#include <sys/socket.h>\n", 1),
    (layering, "src/session/x.cpp", "#include <chrono>\n", None),
    (layering, "src/misc/x.cpp", "", 1),
    (layering, "tools/framewire/x.cpp", "#include <boost/asio.hpp>\n", None),
    (clocks, "src/session/x.cpp", "auto t = steady_clock::now();\n", 1),
    (clocks, "src/session/x.cpp", "// not steady_clock::now()\n", None),
    (clocks, "src/load/x.cpp", "auto t = steady_clock::now();\n", None),
    (layering, "src/net/x.cpp", '#include "framewire/load/a.hpp"\n', 1),
    (layering, "src/load/x.cpp", '#include "io/a.hpp"\n', None),
    (layering, "src/load/x.cpp", '#include "framewire/net/a.hpp"\n', 1),
    (layering, "src/load/x.cpp", '#include "net/a.hpp"\n', 1),
    (layering, "src/load/x.cpp", '#include <boost/asio.hpp>\n', 1),
    (clocks, CPP, "auto t = steady_clock::now();\n", None),
    (clocks, "src/asio/x.cpp", "auto t = steady_clock::now();\n", None),
    (clocks, "src/io/x.cpp", "auto t = steady_clock::now();\n", None),
    (ignorance, "src/service/x.cpp", "\nvoid f(session& s);\n", 2),
    (ignorance, "src/service/x.cpp", "// a session\nauto s = \"socket\";\n", None),
    (ignorance, CPP, "any_socket s;\n", None),
    (lengths, CPP, "x" * 100 + "\n", None),
    (lengths, CPP, "\n" + "x" * 101 + "\n", 2),
    (lengths, CPP, "ö" * 100 + "\n", None),
    (lengths, CPP, "x\n" * 400, None),
    (lengths, CPP, "x\n" * 401, 401),
    (functions, CPP, "namespace a {\nvoid f() {\n" + LONG_BODY + "}\n}\n", 2),
    (functions, CPP, "namespace a {\nvoid f() {\n" + LONG_BODY[:-5 * 14] + "}\n}\n", None),
    (functions, CPP, "namespace a {\n" + "void f() {}\n" * 90 + "}\n", None),
    (functions, CPP, "class a {\nint f() const {\nif (x) {\n" + LONG_BODY + "}\n}\n};\n", 2),
    (functions, CPP, "int table[] = {\n" + "1,\n" * 90 + "};\n", None),
    (functions, CPP, "void f() {\n" + "// {\n'{';\n\"{\";\n" * 5 + "}\nint x;\n" * 9, None),
    (functions, CPP, "x::x(T y)\n    : a_{1},\n b_(2) {\n" + LONG_BODY + "}\n", 3),
    (functions, HPP, "void f() {\n" + LONG_BODY + "}\n", None),
    (file_names, "src/net/event_loop.cpp", "", None),
    (file_names, "src/net/EventLoop.cpp", "", 1),
    (file_names, "src/utils/x.cpp", "", 1),
    (words_not_used, CPP, "int a;\nint packet_size;\n", 2),
    (words_not_used, CPP, "// a packet\nauto s = \"context\"; int big = 1'000'000;\n", None),
    (words_not_used, CPP, "asio::io_context loop; int packets;\n", None),
    (words_not_used, CPP, "class ConnectionX; class Manager;\n", 1),
    (words_not_used, "tests/x.py", "a = 'packet'\nhelper = 1\n", 2),
    (pragma_once, HPP, "#pragma once\n", None),
    (pragma_once, HPP, "#include <x>\n#pragma once\n", 1),
    (pragma_once, CPP, "", None),
    (promises_and_banners, CPP, "\n// TO" "DO: later\n", 2),
    (promises_and_banners, CPP, "// =====\n", 1),
    (promises_and_banners, CPP, "// ---- parts ----\n", 1),
    (promises_and_banners, "tests/x.py", "# ######\n", 1),
    (promises_and_banners, CPP, "/// |---- header (10) ---|\n//// four\n", None),
    (promises_and_banners, CPP, "/*****\n", 1),
    (promises_and_banners, CPP, "// a == b, --framing\n", None),
    (blanks, CPP, "a\nb\n", None),
    (blanks, CPP, "a\n\tb\n", 2),
    (blanks, CPP, "a \nb\n", 1),
    (blanks, CPP, "a\nb", 2),
    (unit_tests, "tests/unit/codec/x.cpp", '#include "framewire/codec/x.hpp"\n' + TESTS, None),
    (unit_tests, "tests/unit/load/x.cpp", '#include "load/x.hpp"\n' + TESTS, None),
    (unit_tests, "tests/unit/codec/x.cpp", '#include "framewire/core/x.hpp"\n' + TESTS, 1),
    (unit_tests, "tests/unit/load/x.cpp", '#include "load/x.hpp"\nnamespace framewire {\n', 1),
    (unit_tests, "tests/unit/misc/x.cpp", "", 1),
    (unit_tests, "tests/unit/x.cpp", "", 1),
    (links, "README.md", "\n[a](docs/no_such_page.md)\n", 2),
    (links, "README.md", "[a](tests/style/test_style.py#x) [b](https://x.y/z) [c](#d)\n", None),
    (links, "docs/x.md", "```\n[a](nowhere)\n```\n[b](../tests/style)\n", None),
]


class Rules(unittest.TestCase):

    def test_samples(self):
        for rule, path, text, line in SAMPLES:
            with self.subTest(rule=rule.__name__, path=path, text=text[:60]):
                found = list(rule(path, text))
                self.assertEqual([] if line is None else [line], [fault[0] for fault in found])

    def test_every_rule_is_seen_to_fail_and_to_pass(self):
        for rule in (*CODE, links):
            lines = [sample[3] for sample in SAMPLES if sample[0] is rule]
            self.assertIn(None, lines, rule.__name__)
            self.assertTrue(any(lines), rule.__name__)


class Tree(unittest.TestCase):

    def test_code(self):
        files = list(code_files())
        self.assertGreater(len(files), 50)
        for rule in CODE:
            with self.subTest(rule.__name__):
                found = list(faults(rule, files))
                self.assertEqual([], found, "\n" + "\n".join(found))

    def test_documents(self):
        for rule in (links, blanks):
            with self.subTest(rule.__name__):
                found = list(faults(rule, documents()))
                self.assertEqual([], found, "\n" + "\n".join(found))


if __name__ == "__main__":
    unittest.main()
