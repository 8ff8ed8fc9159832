"""The page that `bench --html` writes: whole, safe with text from outside, read by a browser."""
import re
import shutil
import subprocess
import tempfile
import unittest
from html.parser import HTMLParser
from pathlib import Path

import bench_servers as servers
from command_line import HOST, CommandTest

BROWSER = shutil.which("chromium")
VOID = {"meta"}
EVIL = "<script>document.title='bad'</script>\"'&"


class Structure(HTMLParser):
    """Which elements there are; fails where they do not nest."""

    def __init__(self, page):
        super().__init__()
        self.open, self.elements, self.attributes = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        if self.open.pop() != tag:
            raise AssertionError(f"</{tag}> closes something else")


class PageTest(CommandTest):

    def page(self, server, *words, status=0, spec="digits:10"):
        """The path of a page that was just written."""
        path = Path(self.folder()) / "page.html"
        done = self.run_command("bench", f"{HOST}:{server.port}", "-f", spec, "--html", path,
                                *words)
        self.assertEqual(status, done.returncode, done)
        return path

    def echo_server(self):
        return self.server("--quiet", "--framing", "digits:10")


class Text(PageTest):

    def test_it_is_whole_and_needs_nothing_else(self):
        page = self.page(self.echo_server(), "--rate", "500", "--duration", "1s").read_text()
        structure = Structure(page)
        self.assertEqual([], structure.open)
        self.assertEqual(4, structure.elements.count("svg"))
        self.assertEqual(1, structure.elements.count("h1"))
        for name, value in structure.attributes:
            self.assertNotIn(name, ("src", "href", "onclick"))
            self.assertNotIn("http", value or "")
        for word in ("corrected", "uncorrected", "p99.99", "messages per second", "digits:10"):
            self.assertIn(word, page)
        self.assertNotIn("nan", page)
        self.assertNotIn("inf ", page)

    def test_a_closed_loop_has_one_latency(self):
        page = self.page(self.echo_server(), "--count", "100").read_text()
        self.assertNotIn("uncorrected", page)

    def test_a_diagram_is_described_in_words(self):
        page = self.page(self.echo_server(), "--count", "100").read_text()
        for names in re.findall(r'aria-labelledby="([^"]+)"', page):
            for name in names.split():
                self.assertIn(f'id="{name}"', page)
        self.assertRegex(page, r"<desc[^>]*>Half took at most [\d.]+ ")

    def test_text_from_outside_is_escaped(self):
        server = servers.FrameServer(self, lambda *_: b"%010d" % len(EVIL) + EVIL.encode())
        page = self.page(server, "--count", "3", "--expect", "reply:" + EVIL + "x", status=1)
        text = page.read_text()
        Structure(text)
        self.assertEqual(1, text.count("<script>"))
        self.assertIn("&lt;script&gt;", text)
        self.assertIn("What was wrong", text)

    def test_a_run_without_a_reply_has_a_page(self):
        server = servers.FrameServer(self, lambda *_: b"")
        page = self.page(server, "--count", "1", "--timeout", "100ms", status=1).read_text()
        self.assertEqual([], Structure(page).open)
        self.assertIn("missing", page)


@unittest.skipUnless(BROWSER, "there is no chromium")
class InABrowser(PageTest):

    def browse(self, page, *words):
        with tempfile.TemporaryDirectory() as profile:
            done = subprocess.run(
                [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                 "--disable-background-networking", f"--user-data-dir={profile}", *words,
                 f"file://{page}"], capture_output=True, timeout=60, check=True)
        return done.stdout.decode()

    def with_report(self, page, script):
        """The page with a script that puts what it finds out into the title."""
        text = page.read_text().replace("</body>", f"<script>{script}</script></body>")
        page.write_text(text)
        return page

    def title(self, page, script, *words):
        seen = self.browse(self.with_report(page, script), "--dump-dom", *words)
        return re.search(r"<title>([^<]*)</title>", seen)[1]

    def test_the_pointer_finds_the_nearest_point(self):
        script = """
          const svg = document.querySelector("#latency");
          const box = svg.querySelectorAll("circle")[2].getBoundingClientRect();
          svg.dispatchEvent(new PointerEvent("pointermove",
              {clientX: box.x + 4, clientY: box.y + 4}));
          document.title = document.querySelector(".readout").textContent;"""
        page = self.page(self.echo_server(), "--count", "500")
        self.assertRegex(self.title(page, script), r"\A[\d.]+ % took at most [\d.]+ (us|ms)\Z")

    def test_it_fits_every_width(self):
        script = """document.title = [document.documentElement.scrollWidth <= innerWidth,
            ...[...document.querySelectorAll("svg text, td, h1")].map(one => {
              const box = one.getBoundingClientRect();
              return box.left >= 0 && box.right <= innerWidth + 1; })].every(Boolean);"""
        page = self.page(self.echo_server(), "--rate", "1000", "--duration", "1500ms")
        text = page.read_text()
        for width in (320, 500, 1280):
            with self.subTest(width):
                frame = page.with_name("frame.html")
                page.write_text(text)
                inner = self.with_report(page, script + "parent.postMessage(document.title, '*');")
                frame.write_text(f"""<!DOCTYPE html><title>none</title>
                    <iframe src="{inner.name}" style="border:0;width:{width}px;height:900px">
                    </iframe><script>
                    onmessage = event => {{ document.title = event.data; }};</script>""")
                seen = self.browse(frame, "--dump-dom", "--window-size=1400,1000",
                                   "--virtual-time-budget=2000")
                self.assertIn("<title>true</title>", seen)

    def test_light_and_dark(self):
        page = self.page(self.echo_server(), "--count", "100")
        script = "document.title = getComputedStyle(document.body).backgroundColor;"
        light, dark = (self.title(page, script, f"--blink-settings=preferredColorScheme={number}")
                       for number in (1, 0))
        self.assertEqual(("rgb(255, 255, 255)", "rgb(20, 24, 30)"), (light, dark))

    def test_text_from_outside_runs_nowhere(self):
        server = servers.FrameServer(self, lambda *_: b"%010d" % len(EVIL) + EVIL.encode())
        page = self.page(server, "--count", "3", "--expect", "reply:" + EVIL, status=0)
        self.assertRegex(self.browse(page, "--dump-dom"),
                         r"<title>framewire bench: [\d.:]+</title>")


if __name__ == "__main__":
    unittest.main()
