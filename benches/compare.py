#!/usr/bin/env python3
"""Times a command beside another one, in turn, and compares CPU time and peak memory.

    benches/compare.py --runs 5 -- themeweave graph corpus.csv -- python peer.py corpus.csv edges.csv clusters.csv

The first command is the one that is judged. Both run once uncounted, then A B A B …; what they print is thrown
away. CPU time is user and system time of the whole process with all threads, peak memory that of its largest
process. Ratios are formed pair by pair, so that a machine that slows down meanwhile slows down both; below 1 the
first command is better. With `--record FILE` a row is added to a table (columns in record/README.md).

Needs Python 3.9 on Linux or macOS and nothing else.
"""

import argparse
import csv
import datetime
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

FIGURES = ["cpu", "wall", "peak_mb"]
COLUMNS = ["date", "commit", "note", "runs"] + [f"{who}_{figure}" for who in ("a", "b") for figure in FIGURES]
COLUMNS += [f"ratio_{figure}" for figure in FIGURES] + ["a", "b"]


def run(command):
    """Runs a command and gives its figures."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    if status != 0:
        sys.exit(f"{' '.join(command)}\nended with status {os.waitstatus_to_exitcode(status)}:\n{said.decode()[-2000:]}")
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return {"cpu": used.ru_utime + used.ru_stime, "wall": wall, "peak_mb": used.ru_maxrss / unit}


def commit():
    """The commit of the source beside this file, with a plus where it has been changed since."""
    def git(*args):
        here = Path(__file__).parent
        return subprocess.run(["git", *args], cwd=here, capture_output=True, text=True).stdout.strip()
    return git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain", "-uno") else "")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each command (default 5)")
    parser.add_argument("--record", type=Path, help="table to which a row is added")
    parser.add_argument("--note", default="", help="what the row is there to show")
    parser.add_argument("commands", nargs=argparse.REMAINDER, help="-- COMMAND A -- COMMAND B")
    args = parser.parse_args()
    words = args.commands[1:] if args.commands[:1] == ["--"] else args.commands
    if args.runs < 1 or "--" not in words:
        parser.error("give two commands with -- between them, and at least one run")
    at = words.index("--")
    commands = [words[:at], words[at + 1:]]
    if not all(commands):
        parser.error("give two commands with -- between them")

    for command in commands:
        run(command)
    pairs = [[run(command) for command in commands] for _ in range(args.runs)]
    row = {"date": datetime.date.today().isoformat(), "commit": commit(), "note": args.note, "runs": args.runs}
    print(f"{'':8} {'A':>10} {'B':>10} {'A/B':>8} {'least':>8} {'greatest':>8}")
    for figure in FIGURES:
        a, b = ([pair[who][figure] for pair in pairs] for who in (0, 1))
        ratios = [one / other if other else float("nan") for one, other in zip(a, b)]
        middle = [statistics.median(values) for values in (a, b, ratios)]
        print(f"{figure:8} {middle[0]:10.3f} {middle[1]:10.3f} {middle[2]:8.3f} {min(ratios):8.3f} {max(ratios):8.3f}")
        for name, value in zip((f"a_{figure}", f"b_{figure}", f"ratio_{figure}"), middle):
            row[name] = f"{value:.3f}"
    for name, command in zip("ab", commands):
        row[name] = " ".join(os.path.basename(word) for word in command)
    if args.record:
        is_new = not args.record.exists()
        with args.record.open("a", newline="", encoding="utf-8") as file:
            table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            if is_new:
                table.writeheader()
            table.writerow(row)


if __name__ == "__main__":
    main()
