"""What the tests of walkthrough pages share: pages written and served, and how they are read."""
import json
import re
from html.parser import HTMLParser
from pathlib import Path

from browser import Browser
from command_line import BINARY, CommandTest

LONGER = "This is a longer message"
# What the page posts.
FORM = {"framing": "walkthrough", "service": "", "kind": "messages", "text": LONGER,
        "cut": "chunk", "at": "15"}
EVIL = "</script><script>document.title='bad'</script><b>bold</b><!--\"'&"
VOID = {"meta", "link", "input"}


class Reading(HTMLParser):
    """Whether elements nest, their attributes, and the page's data."""

    def __init__(self, page):
        super().__init__()
        self.open, self.attributes, self.data = [], [], None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.attributes += attrs
        if tag not in VOID:
            self.open.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if self.open.pop()[0] != tag:
            raise AssertionError(f"</{tag}> closes something else")

    def handle_data(self, data):
        if self.open and self.open[-1][1].get("id") == "data":
            self.data = json.loads(data)


class PageTest(CommandTest):

    def write(self, *words):
        path = Path(self.folder()) / "page.html"
        self.assertEqual(b"", self.assert_done("trace", "--html", path, *words))
        return path

    def walk(self, *words):
        return Reading(self.write(*words).read_text()).data["walk"]

    def serve(self, *words, scheme="http"):
        """A page that is served, with its `port` and its `address`."""
        program = self.start([BINARY, "trace", *words, "--serve"])
        program.wait_for_lines(1)
        found = re.fullmatch(scheme + r"://127\.0\.0\.1:(\d+)/", program.lines()[0])
        program.address, program.port = found[0], int(found[1])
        return program


class BrowserTest(PageTest):
    """With one browser for all its tests."""

    @classmethod
    def setUpClass(cls):
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)
        super().setUpClass()

    def browse(self, *words, fragment="", width=1280, dark=False):
        self.browser.look(width, dark=dark)
        self.open(f"file://{self.write(*words)}{fragment}")

    def open(self, address):
        self.browser.open("about:blank")
        self.browser.open(address)

    def tearDown(self):
        self.assertEqual([], self.browser.faults)
        super().tearDown()

    def text(self, element):
        return self.browser.run(f"document.querySelector({element!r}).textContent.trim()")

    def texts(self, elements):
        return self.browser.run(
            f"[...document.querySelectorAll({elements!r})].map(one => one.textContent.trim())")

    def click(self, element):
        """As a person does: in its middle, wherever that is."""
        self.browser.run(f"document.querySelector({element!r}).scrollIntoView({{block: 'center'}})")
        x, y = self.browser.run(f"""(() => {{
            const box = document.querySelector({element!r}).getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2]; }})()""")
        for kind in ("mousePressed", "mouseReleased"):
            self.browser.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left",
                             clickCount=1)

    def fill(self, field, text):
        """Text into a field of the form, in place of what stands there, until the answer to it
        has come.
        """
        before = self.browser.run("document.body.dataset.answers ?? ''")
        self.browser.run(f"""(() => {{
            const field = document.querySelector('[name={field}]');
            field.value = {json.dumps(text)};
            field.dispatchEvent(new Event("input", {{bubbles: true}})); }})()""")
        self.browser.wait_for(f"(document.body.dataset.answers ?? '') !== {before!r}")
