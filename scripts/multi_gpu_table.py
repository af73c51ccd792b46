#!/usr/bin/env python3
"""Sums up the runs of one size on N GPUs, from the files that scripts/multi_gpu.sh left in this folder.

  scripts/multi_gpu_table.py SIZE N     SIZE as in the files' names: 1280x720x129

A line a plan: predicted and measured, the last step, the share of that step in which the busiest denoising rank computes
nothing (exposed communication, and the gaps between kernels; the others wait for that rank too), the fullest GPU's
memory, predicted and measured, and how far the latents of the first request are from one GPU's. Then scaling efficiency
(a step on one GPU over N times a step of all, for plans in which all denoise one request) and what the planner's
choice loses against the fastest of the plans for the same requests.
"""

import array
import json
import math
import pathlib
import sys


def read(path):
    return json.loads(pathlib.Path(path).read_text())


def last_step(timeline):
    """Its length, how many ranks denoise in it, and the share in which the busiest of these computes nothing."""
    occurrences = timeline["occurrences"]
    step = max(i for i, unit in enumerate(occurrences["units"]) if unit == "step")
    length = occurrences["durations_ns"][step]
    pattern = timeline["patterns"][occurrences["patterns"][step]]
    segments = [timeline["segments"][id]["tasks"] for id in pattern["calls"]["segments"]]
    busy, denoising = {}, set()
    spans = pattern["spans"]
    for call, task, duration in zip(spans["calls"], spans["tasks"], spans["durations_ns"]):
        tasks = segments[call]
        if tasks["lanes"][task] == "compute":
            busy[tasks["ranks"][task]] = busy.get(tasks["ranks"][task], 0) + duration
        if tasks["kinds"][task] == "out_project":
            denoising.add(tasks["ranks"][task])
    return length, len(denoising), 1 - max(busy[rank] for rank in denoising) / length


def latents(folder):
    """The F32 tensor of request 0: eight bytes of header length, JSON, data."""
    data = (pathlib.Path(folder) / "latents" / "request_0000.safetensors").read_bytes()
    header = int.from_bytes(data[:8], "little")
    begin, end = json.loads(data[8 : 8 + header])["latents"]["data_offsets"]
    return array.array("f", data[8 + header + begin : 8 + header + end])


def distance(found, expected):
    off = math.sqrt(sum((a - b) ** 2 for a, b in zip(found, expected, strict=True)))
    return off / math.sqrt(sum(b**2 for b in expected))


def main(size, gpus):
    names = sorted(path.name.removesuffix(".compare.json") for path in pathlib.Path().glob(f"{size}-*.compare.json"))
    if not names:
        sys.exit(f"error: no run of {size} was compared here")
    single = f"{size}-single-1"
    reference = latents(single) if single in names else None
    steps, totals, ranks = {}, {}, {}
    print(f"{'plan':48} predicted_s measured_s error_% step_s exposed_% predicted_GiB measured_GiB latents_off")
    for name in sorted(names, key=lambda name: (name != single, name)):
        answer, memory = read(f"{name}.compare.json"), read(f"{name}.run.json")["memory"]
        step, ranks[name], exposed = last_step(read(f"{name}.measured.timeline.json"))
        steps[name], totals[name] = step, answer["measured_ns"]
        predicted, measured = (max(use[f"{side}_peak_bytes"] for use in memory) for side in ("predicted", "measured"))
        off = distance(latents(name), reference) if reference is not None else math.nan
        print(
            f"{name:48} {answer['predicted_ns'] / 1e9:11.3f} {answer['measured_ns'] / 1e9:10.3f} "
            f"{100 * answer['end_to_end_error']:+7.1f} {step / 1e9:6.3f} {100 * exposed:9.2f} {predicted / 2**30:13.2f} "
            f"{measured / 2**30:12.2f} {off:11.1e}"
        )
    errors = [abs(read(f"{name}.compare.json")["end_to_end_error"]) for name in names]
    print(f"mean error end to end {100 * sum(errors) / len(errors):.1f} %")
    if single in steps:
        for name in names:
            if ranks[name] == gpus:
                print(f"scaling efficiency {100 * steps[single] / (gpus * steps[name]):6.1f} %  {name}")
    choice = f"{size}-choice-{gpus}"
    others = {name: total for name, total in totals.items() if name not in (choice, single)}
    if choice in totals and others:
        best = min(others, key=others.get)
        print(f"the choice takes {100 * (totals[choice] / others[best] - 1):+.1f} % against {best}")


if __name__ == "__main__":
    if len(sys.argv) != 3 or not sys.argv[2].isdigit():
        sys.exit(__doc__)
    main(sys.argv[1], int(sys.argv[2]))
