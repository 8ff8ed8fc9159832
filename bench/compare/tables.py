"""The rows as tables: plain for a terminal, Markdown for the document."""

HEAD = ("peer", "messages/s", "to the floor", "goal", "CPU ns", "busy", "p50 us", "p99 us",
        "p99.9 us")
GENERATOR_HEAD = ("load", "server", "bare, messages/s", "framewire bench", "ratio", "goal")


def rate(value):
    return "" if value is None else f"{value:,.0f}".replace(",", " ")


def ratio(spread):
    if spread is None:
        return ""
    return f"{spread['median']:.2f} ({spread['min']:.2f} to {spread['max']:.2f})"


def goal(row):
    if "goal" not in row or row.get("ratio") is None:
        return ""
    return f"{row['goal']:.2f}: {'met' if row['met'] else 'not met'}"


def microseconds(value):
    return f"{value:.1f}" if value < 100 else f"{value:.0f}"


def cells_of(row):
    if "failed" in row:
        return (row["peer"], f"failed: {row['failed']}")
    return (row["peer"], rate(row["messages_per_second"]), ratio(row["ratio"]), goal(row),
            f"{row['cpu_ns_per_message']:.0f}", f"{100 * row['busy']:.0f} %",
            *(microseconds(row[key]) for key in ("p50_us", "p99_us", "p99_9_us")))


def generator_cells(row):
    return (row["title"], row["server"], rate(row["bare"]), rate(row["product"]),
            ratio(row["ratio"]), goal(row))


def plain(head, rows, left=1):
    """Columns under their heads, all but the first to the right; a row may end early."""
    full = [row for row in rows if len(row) == len(head)]
    widths = [max(len(cell) for cell in column) for column in zip(head, *full)]
    widths[0] = max(len(row[0]) for row in [head, *rows])
    for row in [head, *rows]:
        if len(row) < len(head):
            yield f"  {row[0]:<{widths[0]}}  {row[1]}"
            continue
        cells = [f"{cell:<{width}}" if column < left else f"{cell:>{width}}"
                 for column, (cell, width) in enumerate(zip(row, widths))]
        yield ("  " + "  ".join(cells)).rstrip()


def markdown(head, rows, left=1):
    yield "| " + " | ".join(head) + " |"
    yield "|" + " --- |" * left + " ---: |" * (len(head) - left)
    for row in rows:
        filled = [*row, *[""] * (len(head) - len(row))]
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in filled) + " |"


def rows_of(block, skipped):
    return [cells_of(row) for row in block["rows"]] + [
        (name, f"skipped: {reason}") for name, reason in skipped.items()]


def terminal(result):
    for block in result["loads"]:
        yield from ("", block["title"], *plain(HEAD, rows_of(block, result["skipped"])))
    if result["generators"]:
        rows = [generator_cells(row) for row in result["generators"]]
        yield from ("", "load generators", *plain(GENERATOR_HEAD, rows, left=2))
    if result["slow_rounds"]:
        yield from ("", "slow rounds", *(f"  {line}" for line in result["slow_rounds"]))
    yield from ("", f"congestion control: {result['machine']['congestion_control']}")


def document(result):
    """Without the skipped, who are named once and not in every table."""
    for block in result["loads"]:
        head = (block["title"], *HEAD[1:])
        yield from (*markdown(head, rows_of(block, {})), "")
    if result["skipped"]:
        yield from ("Skipped: " + "; ".join(f"{name} ({reason})" for name, reason
                                            in result["skipped"].items()) + ".", "")
    if result["generators"]:
        rows = [generator_cells(row) for row in result["generators"]]
        yield from (*markdown(("load generators", *GENERATOR_HEAD[1:]), rows, left=2), "")
