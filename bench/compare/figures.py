"""From samples to rows: medians over rounds, and ratios to the floor of the same round."""
from statistics import median

FLOOR = "floor"
NEARLY = 0.95
MEDIANS = ("messages_per_second", "cpu_ns_per_message", "busy", "p50_us", "p99_us", "p99_9_us")


def good(samples, **wanted):
    """By round, those that were measured."""
    return {sample["round"]: sample for sample in samples if "failed" not in sample
            and all(sample[key] == value for key, value in wanted.items())}


def spread(values):
    values = list(values)
    if not values:
        return None
    return {"median": median(values), "min": min(values), "max": max(values)}


def ratios(measured, measure):
    """Of each round that has both."""
    return [measured[round_]["messages_per_second"] / measure[round_]["messages_per_second"]
            for round_ in sorted(measured.keys() & measure.keys())]


def row_of(samples, load, peer, floor=FLOOR):
    """What the rounds say of a peer under a load; `failed` if they say nothing."""
    measured = good(samples, load=load, peer=peer)
    if not measured:
        reasons = [sample["failed"] for sample in samples
                   if sample["load"] == load and sample["peer"] == peer]
        return {"peer": peer, "failed": reasons[0] if reasons else "not measured"}
    row = {"peer": peer, "rounds": len(measured)}
    for key in MEDIANS:
        row[key] = median(sample[key] for sample in measured.values())
    row["ratio"] = spread(ratios(measured, good(samples, load=load, peer=floor)))
    return row


def blocks_of(samples, loads, peers, beside_others=False, floor=FLOOR):
    """One block a load, one row a peer, ours with its goal: that of the load, or to be the fastest
    or nearly so."""
    for load in loads:
        rows = [row_of(samples, load.name, peer, floor) for peer in peers]
        goal = goal_beside(rows) if beside_others else load.goal
        for row in rows:
            if row["peer"] == "framewire" and goal and row.get("ratio"):
                row["goal"] = goal
                row["met"] = row["ratio"]["median"] >= goal
        yield {"load": load.name, "title": load.title, "rows": rows}


def goal_beside(rows):
    others = [row["ratio"]["median"] for row in rows
              if row["peer"] not in (FLOOR, "framewire") and row.get("ratio")]
    return NEARLY * max(others) if others else None


def generator_rows(samples, loads, servers):
    """`framewire bench` beside the bare generator."""
    for load in loads:
        if not load.generator_goal:
            continue
        for server in servers:
            bare, product = (good(samples, load=load.name, server=server, generator=generator)
                             for generator in ("bare", "product"))
            row = {"load": load.name, "title": load.title, "server": server,
                   "goal": load.generator_goal}
            for name, measured in (("bare", bare), ("product", product)):
                rates = [sample["messages_per_second"] for sample in measured.values()]
                row[name] = median(rates) if rates else None
            row["ratio"] = spread(ratios(product, bare))
            row["met"] = row["ratio"] is not None and row["ratio"]["median"] >= row["goal"]
            yield row
