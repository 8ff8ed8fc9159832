"""The ratios as a picture: a group of bars for each load, a bar for each peer."""
from xml.sax.saxutils import escape

COLUMNS, COLUMN_WIDTH, GAP = 2, 440, 40
NAME_WIDTH, NUMBER_WIDTH = 100, 36
LEFT = NAME_WIDTH + NUMBER_WIDTH + 8
WIDTH = COLUMN_WIDTH - LEFT
BAR, PITCH, TITLE, BELOW_GROUP, MARGIN = 11, 16, 26, 26, 20
HEAD, FOOT = 50, 4

# Colours for light and for dark backgrounds, so that it can stand on either.
STYLE = """
text { font: 12px sans-serif; fill: #1f2328 }
.head { font-size: 15px; font-weight: bold }
.title { font-weight: bold }
.note { fill: #59636e }
.bar { fill: #9aa4af }
.ours { fill: #0969da }
.line { stroke: #59636e; stroke-width: 1; fill: none }
.floor { stroke: #1f2328; stroke-width: 1; stroke-dasharray: 3 2 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .note { fill: #9198a1 }
  .bar { fill: #6e7681 }
  .ours { fill: #4493f8 }
  .line { stroke: #c9d1d9 }
  .floor { stroke: #e6edf3 }
}
"""


def element(name, text=None, **attributes):
    """One tag; `class_` and `text_anchor` are written as Python allows."""
    words = "".join(f' {key.strip("_").replace("_", "-")}="{escape(str(value))}"'
                    for key, value in attributes.items())
    return f"<{name}{words}/>" if text is None else f"<{name}{words}>{escape(text)}</{name}>"


def shown(block):
    """All but the floor, which is the line at 1."""
    return [row for row in block["rows"] if row["peer"] != "floor" and row.get("ratio")]


def bar(row, x, y, scale):
    ratio = row["ratio"]
    begin, middle = x + LEFT, y + BAR / 2
    ours = row["peer"] == "framewire"
    low, high = (begin + min(ratio[key] * scale, WIDTH) for key in ("min", "max"))
    for text, right in ((row["peer"], NAME_WIDTH), (f"{ratio['median']:.2f}", LEFT - 8)):
        yield element("text", text, x=x + right, y=y + BAR - 1, text_anchor="end",
                      class_="title" if ours else "name")
    yield element("rect", x=begin, y=y, width=f"{ratio['median'] * scale:.1f}", height=BAR,
                  rx=1, class_="ours" if ours else "bar")
    yield element("path", d=f"M{low:.1f} {middle}H{high:.1f}", class_="line")


def group(block, x, y, scale):
    rows = shown(block)
    yield element("text", block["title"], x=x + LEFT, y=y + 14, class_="title")
    for i, row in enumerate(rows):
        yield from bar(row, x, y + TITLE + i * PITCH, scale)
    at = x + LEFT + scale
    yield element("path", d=f"M{at:.1f} {y + TITLE - 4}v{len(rows) * PITCH + 4}", class_="floor")


def svg(result):
    blocks = [block for block in result["loads"] if shown(block)]
    # A spread that goes beyond all medians is cut at the edge.
    longest = max([1.2] + [row["ratio"]["median"] for block in blocks for row in shown(block)])
    scale = WIDTH / longest
    body, y = [], HEAD + MARGIN
    for begin in range(0, len(blocks), COLUMNS):
        line = blocks[begin:begin + COLUMNS]
        for column, block in enumerate(line):
            body += group(block, MARGIN + column * (COLUMN_WIDTH + GAP), y, scale)
        y += TITLE + max(len(shown(block)) for block in line) * PITCH + BELOW_GROUP
    width = 2 * MARGIN + COLUMNS * COLUMN_WIDTH + (COLUMNS - 1) * GAP
    height = y + FOOT
    head = "Messages per second, as a ratio to the floor"
    note = ("Dashed: the floor, the least a program can do. Bars: medians of the rounds' ratios; "
            "lines: the least and the largest. Longer is better.")
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img">',
        element("title", head), f"<style>{STYLE}</style>",
        element("text", head, x=MARGIN, y=MARGIN + 14, class_="head"),
        element("text", note, x=MARGIN, y=MARGIN + 34, class_="note"), *body, "</svg>", ""])
