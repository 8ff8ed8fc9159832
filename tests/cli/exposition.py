"""The text format of Prometheus, version 0.0.4, read strictly: what `promtool check metrics` would
say, and what a Prometheus server would not take, is an error.
"""
import re

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"'
SAMPLE = re.compile(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (\S+)")
NUMBER = re.compile(r"-?(\d+(\.\d+)?(e[+-]?\d+)?)|\+Inf")
TYPES = ("counter", "gauge", "histogram")


class Family:
    def __init__(self, name, help_text):
        self.name, self.help, self.type = name, help_text, None
        self.samples = {}  # (name, labels): value

    def value(self, suffix="", **labels):
        return self.samples[self.name + suffix, tuple(sorted(labels.items()))]


def parse(text):
    """Families by name. Fails with an AssertionError that names the line."""
    assert text.endswith("\n"), "the last line does not end"
    families, family = {}, None
    for number, line in enumerate(text[:-1].split("\n"), 1):
        where = f"line {number}: {line}"
        if line.startswith("# HELP "):
            name, _, words = line[len("# HELP "):].partition(" ")
            assert re.fullmatch(NAME, name) and words, where
            assert name not in families, f"twice: {where}"
            family = families[name] = Family(name, words)
        elif line.startswith("# TYPE "):
            name, kind = line[len("# TYPE "):].split(" ")
            assert family and family.name == name and family.type is None, where
            assert kind in TYPES and not family.samples, where
            family.type = kind
        else:
            add_sample(family, line, where)
    for each in families.values():
        check(each)
    return families


def add_sample(family, line, where):
    found = SAMPLE.fullmatch(line)
    assert found and NUMBER.fullmatch(found[len(found.groups())]), where
    assert family and family.type, f"no family: {where}"
    suffixes = ("_bucket", "_sum", "_count") if family.type == "histogram" else ("",)
    assert found[1] in [family.name + suffix for suffix in suffixes], where
    labels = tuple(sorted(re.findall(LABEL, found[2] or "")))
    assert len(dict(labels)) == len(labels), where
    assert (found[1], labels) not in family.samples, f"twice: {where}"
    family.samples[found[1], labels] = float(found[len(found.groups())])


def check(family):
    assert family.type and family.samples, family.name
    assert (family.type == "counter") == family.name.endswith("_total"), family.name
    if family.type == "counter":
        assert all(value >= 0 for value in family.samples.values()), family.name
    if family.type != "histogram":
        return
    buckets = [(float(dict(labels)["le"]), value)
               for (name, labels), value in family.samples.items() if name.endswith("_bucket")]
    assert buckets == sorted(buckets) and buckets[-1][0] == float("inf"), family.name
    counts = [value for _, value in buckets]
    assert counts == sorted(counts) and counts[-1] == family.value("_count"), family.name
