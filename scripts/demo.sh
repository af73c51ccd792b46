#!/usr/bin/env bash
# Plans for two boxes of GPUs, then profiles this machine, plans for it, runs three plans on its CPU and compares what was
# predicted with what was measured. Everything lands in demo/ at the root; ten minutes on two cores, no GPU.
#
#   scripts/demo.sh [PIPEDIT]     the program; default build/release/bin/pipedit
set -euo pipefail
cd "$(dirname "$0")/.."

pipedit=${1:-build/release/bin/pipedit}
out=demo
started=$SECONDS

fail() { echo "error: demo: $*" >&2; exit 1; }
part() { printf '\n== %s  (%d s so far)\n\n' "$*" $((SECONDS - started)); }
# What is typed, then what it says.
show() { printf '$ %s\n' "$(basename "$pipedit") $*"; "$pipedit" "$@"; echo; }
# What a player finds in a video: "192x128, 17 frames at 24 fps".
read_back() {
  local said
  said=$("$ffmpeg" -hide_banner -i "$1" -f null - 2>&1) || fail "$1: ffmpeg cannot read it"
  echo "$(sed -En 's/.*Video: h264.* ([0-9]+x[0-9]+)[ ,].*/\1/p' <<<"$said")," \
    "$(tr '\r' '\n' <<<"$said" | sed -En 's/^frame= *([0-9]+).*/\1/p' | tail -n 1) frames" \
    "at $(sed -En 's/.*Video: h264.* ([0-9.]+) fps.*/\1/p' <<<"$said") fps"
}

[ -x "$pipedit" ] || fail "$pipedit: not built yet (make build)"
ffmpeg=$(command -v ffmpeg || cat "${XDG_CACHE_HOME:-$HOME/.cache}/pipedit/ffmpeg-path") || fail "no ffmpeg (make setup)"
rm -rf $out
mkdir $out

part "1 of 4: plans for boxes of GPUs that are not here"
show plan --model hunyuanvideo --cluster h200x8 --size 1280x720 --frames 129 --steps 50 --count 10 -o $out/h200x8.plan.json
show plan --model hunyuanvideo --cluster l40x8 --size 480x352 --frames 97 --steps 10 --count 10 -o $out/l40x8.plan.json

part "2 of 4: what this machine can do"
show devices --cpu -o $out/this-cpu.json
here=(--model hunyuanvideo-tiny --cluster $out/this-cpu.json --gpus 4 --workload demo)
show profile "${here[@]}" -o $out/this.profile.json

part "3 of 4: three plans for it, predicted and run"
show plan "${here[@]}" --profile $out/this.profile.json -o $out/tuned.plan.json
for family in ulysses dedivae_pipesp_aco; do
  "$pipedit" plan "${here[@]}" --profile $out/this.profile.json --only $family -o $out/$family.plan.json >/dev/null
done
for plan in tuned ulysses dedivae_pipesp_aco; do
  "$pipedit" simulate $out/$plan.plan.json -o $out/$plan.timeline.json >/dev/null
  show run $out/$plan.plan.json --random-weights 1 --random-embeddings 1 -o $out/$plan
done

part "4 of 4: predicted against measured"
for plan in tuned ulysses dedivae_pipesp_aco; do
  show compare $out/$plan.timeline.json $out/$plan/measured.timeline.json --html $out/$plan.html
done

part "done"
asked="192x128, 17 frames at 24 fps"  # configs/workloads/demo.json
videos=("$out"/*/request_*.mp4)
for video in "${videos[@]}"; do
  found=$(read_back "$video")
  [ "$found" = "$asked" ] || fail "$video: $found instead of $asked"
done
echo "videos     $(echo $out/*/request_0000.mp4)"
echo "           all ${#videos[@]} read back: $asked"
echo "pages      $(echo $out/*.html)"
