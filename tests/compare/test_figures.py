"""What the comparison makes of its samples: figures, tables, the plot, the document."""
import os
import sys
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

ROOT = Path(os.environ.get("FRAMEWIRE_SOURCE", Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(ROOT / "bench/compare"))

import document  # noqa: E402
import figures  # noqa: E402
import plot  # noqa: E402
import proxies  # noqa: E402
import tables  # noqa: E402
from loads import LOADS, Load  # noqa: E402
from peers import PEERS  # noqa: E402

LOAD = Load(50, 1, 64, goal=0.98, generator_goal=0.9)


def sample(round_, peer, rate, **other):
    return {"round": round_, "load": LOAD.name, "peer": peer, "messages_per_second": rate,
            "cpu_ns_per_message": 4000, "busy": 0.5, "p50_us": 200.0, "p99_us": 99.96,
            "p99_9_us": 1.0} | other


SAMPLES = [
    sample(0, "floor", 100), sample(0, "framewire", 98), sample(0, "go", 25),
    sample(1, "floor", 200), sample(1, "framewire", 210), sample(1, "go", 40),
    sample(2, "floor", 50), sample(2, "framewire", 40, cpu_ns_per_message=1000, p50_us=1.0),
    {"round": 2, "load": LOAD.name, "peer": "go", "failed": "it fell"},
    {"round": 0, "load": LOAD.name, "peer": "netty", "failed": "it <fell> | over"},
]
PEER_NAMES = ["floor", "framewire", "go", "netty"]


def result():
    generators = [
        {"round": round_, "load": LOAD.name, "server": "floor", "generator": generator,
         "messages_per_second": rate}
        for round_, generator, rate in ((0, "bare", 100), (0, "product", 95), (1, "bare", 200),
                                        (1, "product", 160), (2, "bare", 10))]
    return {"loads": list(figures.blocks_of(SAMPLES, [LOAD], PEER_NAMES)),
            "generators": list(figures.generator_rows(generators, [LOAD], ["floor"])),
            "skipped": {"tokio": "no /usr/bin/cargo (package cargo)"},
            "options": {"rounds": 3, "seconds": 0.25}, "generator": "`framewire bench`",
            "versions": {"floor": "", "go": "golang-go 2:1.19~1"},
            "machine": {"processor": "A <fast> one", "cores": 2, "system": "Debian",
                        "kernel": "6.1", "congestion_control": "cubic",
                        "compiler": "GCC 12.2.0"},
            "slow_rounds": []}


class Figures(unittest.TestCase):

    def row(self, peer):
        return figures.row_of(SAMPLES, LOAD.name, peer)

    def test_ratios_are_to_the_floor_of_the_same_round(self):
        self.assertEqual({"median": 0.98, "min": 0.8, "max": 1.05}, self.row("framewire")["ratio"])

    def test_medians_over_rounds(self):
        row = self.row("framewire")
        self.assertEqual((98, 4000, 200.0),
                         (row["messages_per_second"], row["cpu_ns_per_message"], row["p50_us"]))

    def test_failed_rounds_do_not_count(self):
        row = self.row("go")
        self.assertEqual((2, 32.5), (row["rounds"], row["messages_per_second"]))
        self.assertAlmostEqual(0.225, row["ratio"]["median"])

    def test_a_peer_that_always_failed_says_why(self):
        self.assertEqual("it <fell> | over", self.row("netty")["failed"])
        self.assertEqual("not measured", self.row("libuv")["failed"])

    def test_no_ratio_without_a_floor(self):
        self.assertIsNone(figures.row_of([sample(0, "go", 1)], LOAD.name, "go")["ratio"])

    def test_goals(self):
        for goal, met in ((0.98, True), (0.99, False)):
            block, = figures.blocks_of(SAMPLES, [Load(50, 1, 64, goal=goal)], PEER_NAMES)
            self.assertEqual([None, met, None, None], [row.get("met") for row in block["rows"]])

    def test_goals_beside_others(self):
        """The floor is no rival: it need not encrypt."""
        for rate, met in ((200, True), (220, False)):
            rivals = [one | {"messages_per_second": rate * (one["round"] + 1) / 2}
                      for one in SAMPLES if one["peer"] == "go" and one["round"] < 2]
            floor = [sample(0, "floor", 1000), sample(1, "floor", 2000)]
            ours = [sample(0, "framewire", 100), sample(1, "framewire", 200)]
            block, = figures.blocks_of(floor + ours + rivals, [LOAD], ["floor", "framewire", "go"],
                                       beside_others=True)
            self.assertEqual([None, met, None], [row.get("met") for row in block["rows"]])
        block, = figures.blocks_of(floor + ours, [LOAD], ["floor", "framewire"],
                                   beside_others=True)
        self.assertNotIn("goal", block["rows"][1])

    def test_generators(self):
        row, = result()["generators"]
        self.assertEqual((100, 127.5, False), (row["bare"], row["product"], row["met"]))
        self.assertAlmostEqual(0.875, row["ratio"]["median"])

    def test_names_of_loads_are_different(self):
        self.assertEqual(len(LOADS), len({load.name for load in LOADS}))
        self.assertEqual("4x16x16KiB", Load(4, 16, 16 << 10).name)


class Tables(unittest.TestCase):

    def test_terminal(self):
        lines = list(tables.terminal(result()))
        self.assertIn("50 connections x 1 in flight x 64 B", lines)
        ours = next(line for line in lines if line.startswith("  framewire"))
        self.assertEqual(["98", "0.98", "(0.80", "to", "1.05)", "0.98:", "met", "4000", "50", "%",
                          "200", "100.0", "1.0"], ours.split()[1:])
        self.assertIn("  netty      failed: it <fell> | over", lines)
        self.assertIn("  tokio      skipped: no /usr/bin/cargo (package cargo)", lines)

    def test_columns_stand_under_each_other(self):
        lines = list(tables.plain(("a", "bb"), [("ccc", "1"), ("d", "1 000")]))
        self.assertEqual(["  a       bb", "  ccc      1", "  d    1 000"], lines)

    def test_markdown_has_as_many_cells_in_every_line(self):
        for row in tables.markdown(("a", "b", "c"), [("1", "2", "3"), ("x", "y|z")]):
            self.assertEqual(4, row.replace("\\|", "").count("|"), row)

    def test_document(self):
        text = "\n".join(tables.document(result()))
        self.assertIn("| framewire | 98 | 0.98 (0.80 to 1.05) | 0.98: met |", text)
        self.assertIn("Skipped: tokio (no /usr/bin/cargo (package cargo)).", text)
        self.assertIn("0.88 (0.80 to 0.95) | 0.90: not met |", text)

    def test_thousands(self):
        self.assertEqual(["", "999", "17 612 274"], [tables.rate(x) for x in (None, 999, 17612274)])


class Plot(unittest.TestCase):

    def test_is_well_formed_and_has_a_bar_for_each_ratio(self):
        root = xml.fromstring(plot.svg(result()))
        names = [node.get("class") for node in root.iter("{http://www.w3.org/2000/svg}rect")]
        self.assertEqual(["ours", "bar"], names)

    def test_bars_are_as_long_as_their_ratios(self):
        root = xml.fromstring(plot.svg(result()))
        widths = [float(node.get("width"))
                  for node in root.iter("{http://www.w3.org/2000/svg}rect")]
        self.assertAlmostEqual(0.225 / 0.98, widths[1] / widths[0], places=2)

    def test_everything_is_inside(self):
        full = dict(result(), loads=[
            {"load": load.name, "title": load.title, "rows": [
                {"peer": peer.name, "ratio": {"median": 2, "min": 1, "max": 3}}
                for peer in PEERS]} for load in LOADS])
        root = xml.fromstring(plot.svg(full))
        for node in root.iter():
            if node.get("x"):
                self.assertLess(float(node.get("x")), float(root.get("width")) - 20)
                self.assertLess(float(node.get("y")), float(root.get("height")))


class Document(unittest.TestCase):

    def test_only_what_is_between_the_markers_is_replaced(self):
        page = f"a\n{document.BEGIN}\nold\n{document.END}\nb\n"
        expected = f"a\n{document.BEGIN}\n\nnew\n\n{document.END}\nb\n"
        self.assertEqual(expected, document.between_markers(page, "new\n"))
        self.assertEqual(expected, document.between_markers(expected, "new"))

    def test_a_page_without_markers_is_refused(self):
        with self.assertRaises(ValueError):
            document.between_markers("a\n", "new")

    def test_the_page_has_them(self):
        page = document.PAGE.read_text("utf-8")
        for markers in ((document.BEGIN, document.END), document.TLS, document.CROWD,
                        document.PROXIES, document.IDLE):
            self.assertIn("new", document.between_markers(page, "new", markers))

    def test_introduction_names_machine_and_versions(self):
        text = "\n".join(document.introduction(result()))
        self.assertIn("3 rounds of 0.25 s, by `framewire bench`", text)
        self.assertRegex(text, r"(?m)^\| go \| up to .* \| golang-go 2:1\.19~1 \|$")


class Proxies(unittest.TestCase):

    def samples(self, **rates):
        return [{"round": round_, "load": proxies.PIPELINED, "peer": peer,
                 "messages_per_second": rate * (round_ + 1), "cpu_ns_per_message": 1e9 / rate}
                for round_ in range(3) for peer, rate in rates.items()]

    def test_ours_is_compared_with_haproxy_and_with_the_goal(self):
        pipelined, rate = proxies.sentences(self.samples(framewire=3e6, haproxy=2e6))
        self.assertIn("ours to HAProxy 1.50 (1.50 to 1.50); HAProxy takes 1.50 times the CPU",
                      pipelined)
        self.assertIn("6.00 M messages/s; goal 5 M: met", rate)

    def test_without_haproxy_there_is_less_to_say(self):
        (rate,) = proxies.sentences(self.samples(framewire=2e6))
        self.assertIn("4.00 M messages/s; goal 5 M: not met", rate)

    def test_the_ratio_is_that_to_the_splice(self):
        samples = [sample | {key: 0 for key in ("busy", "p50_us", "p99_us", "p99_9_us")}
                   for sample in self.samples(splice=2e6, framewire=3e6)]
        block = next(block for block in figures.blocks_of(
            samples, proxies.LOADS, ["splice", "framewire"], floor="splice")
            if block["load"] == proxies.PIPELINED)
        self.assertEqual(1.5, block["rows"][1]["ratio"]["median"])


if __name__ == "__main__":
    unittest.main()
