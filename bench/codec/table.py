"""table.py CODEC_BENCH: runs it for a minute or two, and prints what it measured as tables in
Markdown.
"""
import json
import subprocess
import sys
import tempfile


def measured_by(program):
    """Medians, and all in turns, so that what else the machine does meets all of them alike."""
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        subprocess.run([program, "--benchmark_min_time=0.05", "--benchmark_repetitions=5",
                        "--benchmark_enable_random_interleaving=true",
                        f"--benchmark_out={report.name}", "--benchmark_out_format=json"],
                       check=True, stdout=subprocess.DEVNULL)
        return json.load(report)


def measurements(report):
    """{(spec, text, payload bytes): {what: (ns per frame, bytes per second)}}"""
    rows = {}
    # They ran in turns; their families are numbered in the order of the source.
    for run in sorted(report["benchmarks"], key=lambda run: run["family_index"]):
        if run.get("error_occurred"):
            sys.exit(f"{run['name']}: {run['error_message']}")
        if run.get("aggregate_name") != "median":
            continue
        what, spec, text, size = run["run_name"].split("|")
        row = rows.setdefault((spec, text, int(size)), {})
        row[what] = run["cpu_time"] / run["frames"], run["bytes_per_second"]
    return rows


def name_of(spec, text):
    kind = ", mixed text" if text == "mixed" else ", ASCII" if "chars" in spec else ""
    return f"`{spec}`{kind}"


def rate(row, what):
    speed, memcpy = row[what][1], row["memcpy"][1]
    return f"{speed / 1e9:.1f} | {speed / memcpy:.2f}"


def print_table(head, lines):
    print("| " + " | ".join(head) + " |")
    print("| --- |" + " ---: |" * (len(head) - 1))
    for line in lines:
        print(f"| {line} |")


def small(rows):
    for (spec, text, size), row in rows.items():
        if size == 64:
            own, any_of, encode = (row[what][0] for what in ("decode", "decode_any", "encode"))
            yield (f"{name_of(spec, text)} | {own:.1f} | {any_of:.1f} | {encode:.1f} | "
                   + rate(row, "decode"))


def large(rows):
    for (spec, text, size), row in rows.items():
        if size > 64:
            yield (f"{name_of(spec, text)} | {size // 1024} | {row['decode'][0]:.0f} | "
                   + rate(row, "decode") + " | " + rate(row, "encode"))


def main():
    rows = measurements(measured_by(sys.argv[1]))
    print_table(("payloads of 64 bytes", "ns a frame", "by any decoder", "encoding", "GB/s",
                 "times memcpy"), small(rows))
    print()
    print_table(("larger payloads", "KiB", "ns a frame", "GB/s", "times memcpy", "encoding, GB/s",
                 "times memcpy"), large(rows))


if __name__ == "__main__":
    main()
