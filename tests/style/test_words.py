"""The words of the field, in what users and developers read: identifiers, comments and texts of
include/, src/ and tools/, and documents.
"""
import re
import unittest

from test_style import CPP_NOISE, ROOT, at_line, documents, faults, identifiers_of, is_cpp

FOLDERS = ("include", "src", "tools")

# A part of an identifier, and what the field says.
IDENTIFIERS = {"told": "notified", "heard": "received", "said": "event, text", "stands": "phase",
               "obey": "on_wakeup", "patience": "timeout", "bury": "retire", "tell": "dispatch"}
PHRASES = {"whoever": "the caller", "goes on": "continues", "in front of": "before",
           "hands out": "returns", "stands in": "is in"}
# In documents, in help and in messages.
TEXTS = {"in front of": "before", "stands in": "is in", "goes on": "continues", "blanks": "spaces",
         "hands out": "returns", "hands on": "passes on", "the like of": "such as",
         "and the like": "such as", "of one's own": "of your own", "cannot be had": "fails",
         "to be had": "available", "hears out": "reads to the end", "for ever": "forever",
         "beside others": "compared with others", "what comes": "what arrives",
         "thrown away": "discarded", "is ever": "0: never", "told": "notified"}


def any_of(phrases):
    return re.compile(r"\b(" + "|".join(phrase.replace(" ", r"\s+") for phrase in phrases) +
                      r")\b", re.IGNORECASE)


PHRASE, TEXT = any_of(PHRASES), any_of(TEXTS)
# The name of an option of framings: `blanks=any`.
OPTION = re.compile(r'\bblanks(?=[="])')
CODE_BLOCK = re.compile(r"^```.*?^```|^    .*?$|`[^`\n]*`", re.DOTALL | re.MULTILINE)


def blank(text):
    return re.sub(r"[^\n]", " ", text)


def comments_of(text):
    """The text of the comments, where it is; everything else becomes spaces."""
    kept, end = [], 0
    for found in CPP_NOISE.finditer(text):
        is_comment = found[0].startswith(("//", "/*"))
        words = re.sub(r"^/[/*]+<?", lambda mark: blank(mark[0]), found[0])
        kept += blank(text[end:found.start()]), words if is_comment else blank(found[0])
        end = found.end()
    return "".join(kept) + blank(text[end:])


def literals_of(text):
    """The string literals, where they are; everything else becomes spaces."""
    kept, end = [], 0
    for found in CPP_NOISE.finditer(text):
        kept += blank(text[end:found.start()]), found[0] if '"' in found[0][:3] else blank(found[0])
        end = found.end()
    return "".join(kept) + blank(text[end:])


def identifiers(path, text):
    if is_cpp(path):
        for line, name in identifiers_of(path, text):
            for word in name.lower().split("_"):
                if word in IDENTIFIERS:
                    yield line, f"{name!r}: the field says {IDENTIFIERS[word]}"


def phrases(path, text):
    if is_cpp(path):
        comments = comments_of(text)
        for found in PHRASE.finditer(comments):
            phrase = " ".join(found[0].lower().split())
            yield at_line(comments, found.start()), f"{phrase!r}: {PHRASES[phrase]}"


def texts(path, text):
    """Phrases in the sentences of a document, or in the string literals of the code."""
    if is_cpp(path):
        read = OPTION.sub(lambda name: blank(name[0]), literals_of(text))
        read = re.sub(r'"(\s*)"', r" \1 ", read)
    elif path == "CONTRIBUTING.md":  # lists the words that are not used
        read = re.sub(r"(?ms)^## English.*?^## ", lambda part: blank(part[0]), text)
    else:
        read = CODE_BLOCK.sub(lambda block: blank(block[0]), text)
    for found in TEXT.finditer(read):
        phrase = " ".join(found[0].lower().split())
        yield at_line(read, found.start()), f"{phrase!r}: {TEXTS[phrase]}"


PATH = "src/codec/x.cpp"

# rule, path, text, and the line of its fault; None if it has none
SAMPLES = [
    (identifiers, PATH, "int a;\nbool told;\n", 2),
    (identifiers, PATH, "void tell_all();\n", 1),
    (identifiers, PATH, "int patience_ = 1;\n", 1),
    (identifiers, PATH, "int teller; auto at = std::ftell(file);\n", None),
    (identifiers, PATH, '// told\nauto text = "said";\n', None),
    (identifiers, "src/codec/x.txt", "told\n", None),
    (phrases, PATH, "int a;  // Whoever calls\n", 1),
    (phrases, PATH, "\n/// The loop\n/// goes on.\n", 3),
    (phrases, PATH, "\n/// It goes\n/// on.\n", 2),
    (phrases, PATH, "int a;  ///< bytes in front of it\n", 1),
    (phrases, PATH, "/* hands\n   out */\n", 1),
    (phrases, PATH, 'auto text = "it stands in front of it"; // the front\n', None),
    (phrases, PATH, "int goes, on;  // understands in time\n", None),
    (texts, PATH, 'auto text = "it stands in front of it";\n', 1),
    (texts, PATH, '\nauto text = "it stands "\n            "in a line";\n', 2),
    (texts, PATH, "int told;  // in front of it\n", None),
    (texts, "docs/x.md", "Digits and\nblanks.\n", 2),
    (texts, PATH, 'auto text = "blanks=any"; auto key = "blanks";\n', None),
    (texts, PATH, 'auto text = "blanks are read";\n', 1),
    (texts, "docs/x.md", "`told`\n\n    told\n\n```\ntold\n```\n", None),
    (texts, "CONTRIBUTING.md", "## English\n\n| told |\n\n## Tests\n\nTold.\n", 7),
]


class Words(unittest.TestCase):

    def test_samples(self):
        for rule, path, text, line in SAMPLES:
            with self.subTest(rule=rule.__name__, text=text):
                found = [fault[0] for fault in rule(path, text)]
                self.assertEqual([] if line is None else [line], found)

    def test_the_tree(self):
        files = [file for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*"))
                 if is_cpp(file)]
        self.assertGreater(len(files), 50)
        pages = list(documents())
        self.assertGreater(len(pages), 50)
        for rule, read in ((identifiers, files), (phrases, files), (texts, files + pages)):
            with self.subTest(rule.__name__):
                found = list(faults(rule, read))
                self.assertEqual([], found, "\n" + "\n".join(found))


if __name__ == "__main__":
    unittest.main()
