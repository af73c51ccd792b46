#!/usr/bin/env python3
"""Prints what `pipedit compare --json` said of several runs, a line each.

  scripts/compare_table.py FILE..           predicted, measured, error, and the kinds of task that miss most of the run
  scripts/compare_table.py --kinds FILE..   by kind of task: the median over the runs of each run's median error
  scripts/compare_table.py --memory FILE..  what `pipedit run --json` said of memory: predicted, and how far that is above
                                            what the allocator, and what the driver, counted at most
"""

import json
import pathlib
import statistics
import sys


def name_of(path):
    return pathlib.Path(path).name.removesuffix(".compare.json")


def line_of(path):
    answer = json.loads(pathlib.Path(path).read_text())
    predicted, measured = (answer[f"{side}_ns"] / 1e9 for side in ("predicted", "measured"))
    missed = {name: (kind["predicted_ns"] - kind["measured_ns"]) / 1e6 for name, kind in answer["by_kind"].items()}
    of_kinds = ", ".join(f"{name} {missed[name]:+.0f} ms" for name in sorted(missed, key=lambda n: -abs(missed[n]))[:3])
    error = 100 * answer["end_to_end_error"]
    return f"{name_of(path):44} {predicted:8.3f} s {measured:8.3f} s {error:+6.1f} %   {of_kinds}"


def print_kinds(paths):
    errors, shares = {}, {}
    for path in paths:
        kinds = json.loads(pathlib.Path(path).read_text())["by_kind"]
        total = sum(kind["measured_ns"] for kind in kinds.values())
        for name, kind in kinds.items():
            errors.setdefault(name, []).append(100 * kind["median_error"])
            shares.setdefault(name, []).append(100 * kind["measured_ns"] / total)
    print(f"{'kind':20} {'runs':>4} {'median_error_%':>14} {'worst_%':>8} {'share_of_time_%':>15}")
    for kind in sorted(errors, key=lambda kind: -statistics.mean(shares[kind])):
        of_kind = errors[kind]
        print(
            f"{kind:20} {len(of_kind):4} {statistics.median(of_kind):+14.1f} {max(of_kind, key=abs):+8.1f} "
            f"{statistics.mean(shares[kind]):15.2f}"
        )


def print_memory(paths):
    print(f"{'run':44} {'device':6} {'predicted_GiB':>13} {'over_allocator_%':>16} {'over_driver_%':>13}")
    for path in paths:
        for use in json.loads(pathlib.Path(path).read_text())["memory"]:
            predicted, by_allocator, by_driver = (use[f"{by}_peak_bytes"] for by in ("predicted", "measured", "driver"))
            over = [f"{100 * (predicted / by - 1):+.1f}" if by else "-" for by in (by_allocator, by_driver)]
            name = pathlib.Path(path).name.removesuffix(".run.json")
            print(f"{name:44} {use['device']:6} {predicted / 2**30:13.2f} {over[0]:>16} {over[1]:>13}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--kinds"]:
        print_kinds(sys.argv[2:])
    elif sys.argv[1:2] == ["--memory"]:
        print_memory(sys.argv[2:])
    else:
        print(*map(line_of, sys.argv[1:]), sep="\n")
