#!/usr/bin/env bash
# Runs plans on N GPUs of this machine, each a rank, and compares them with what was predicted and with one GPU.
#
#   scripts/multi_gpu.sh N [PART..]    all parts, or these; two calls of under ten minutes each are, of two GPUs,
#                                      `2 profile short long` and `2 middle tests transfers`:
#     transfers   exchanges by transport, GPUs and size; nccl also on 4 to 32 multiprocessors
#     tests       plans over several GPUs agree with one rank, and end in seconds when a rank fails
#     profile     of HunyuanVideo at 480x352x97 and 1280x720x129, with links and what transfers cost the tasks beside them
#     short       480x352x97: single, data_parallel, ulysses, pipesp over chunks and row groups, dedivae with and without
#                 Aco, the planner's choice, ulysses over nccl
#     middle      1024x576x97, which was not profiled, likewise with fewer chunkings
#     long        1280x720x129, likewise
#
# Plans and what became of them land in the folder gpus-N of PIPEDIT_GPU_OUT; LibTorch and the environment are those of
# scripts/gpu.sh.
set -euo pipefail
cd "$(dirname "$0")/.."

. scripts/gpu_common.sh

[[ ${1:-} =~ ^[0-9]+$ ]] && [ "$1" -ge 2 ] || fail "usage: scripts/multi_gpu.sh N [PART..], N at least 2"
gpus=$1
shift
[ $# -gt 0 ] || set -- transfers tests profile short middle long
here=$(nvidia-smi -L | wc -l)
[ "$here" -ge "$gpus" ] || fail "this machine has $here GPUs, not $gpus"
[ $((24 % gpus)) -eq 0 ] || fail "chunks are whole heads here: N divides 24"
summary=$PWD/scripts/multi_gpu_table.py
matrix=$out/gpus-$gpus
mkdir -p "$matrix"

transfers() {
  "$build/bin/pipedit_transfers" --gpus "$gpus"
  local ctas
  for ctas in 4 8 16 32; do
    echo "nccl on $ctas multiprocessors:"
    NCCL_MIN_CTAS=$ctas NCCL_MAX_CTAS=$ctas "$build/bin/pipedit_transfers" --gpus "$gpus" --transport nccl
  done
}

tests() { "$build/bin/pipedit_executor_gpu_test" --gtest_filter='*SeveralGpus*'; }

profile() {
  show profile --device cuda --model hunyuanvideo --text-tokens 256 --gpus "$gpus" --size 480x352 --frames 97 \
    --also 1280x720x129 --longest 150 -o "$matrix/hunyuanvideo.profile.json"
}

# plans SIZE FRAMES STEPS COUNT CHUNKS..: a list of heads per chunk each.
plans() {
  local size=$1 frames=$2 count=$4 name=$1x$2 chunks rows
  local shape=(--size "$size" --frames "$frames" --steps "$3")
  local all=(--gpus "$gpus" --count "$count" "${shape[@]}") sp=(--fix decode=0 --fix replicas=1 --fix ranks="$gpus")
  shift 4
  one_of_matrix "$name-single-1" --gpus 1 --count 1 --only single "${shape[@]}"
  [ "$count" -lt "$gpus" ] || one_of_matrix "$name-data_parallel-$gpus" --only data_parallel "${all[@]}"
  one_of_matrix "$name-ulysses-$gpus" --only ulysses "${sp[@]}" "${all[@]}"
  one_of_matrix "$name-ulysses_nccl-$gpus" --only ulysses --fix transport=nccl "${sp[@]}" "${all[@]}"
  for chunks in "$@"; do
    for rows in 1 2; do
      one_of_matrix "$name-pipesp_${chunks//,/_}_rows_$rows-$gpus" --only pipesp --fix chunks="$chunks" \
        --fix rows=$rows "${sp[@]}" "${all[@]}"
    done
  done
  [ "$count" -lt "$gpus" ] || one_of_matrix "$name-dedivae-$gpus" --only dedivae "${all[@]}"
  one_of_matrix "$name-dedivae_pipesp_aco-$gpus" --only dedivae_pipesp_aco "${all[@]}"
  one_of_matrix "$name-choice-$gpus" "${all[@]}"
  (cd "$matrix" && "$summary" "$name" "$gpus")
}

# Heads of a rank (of the model's 24) in so many chunks, the larger first.
chunked() {
  local heads=$((24 / gpus)) list="" left=$1 each
  while [ "$left" -gt 0 ]; do
    each=$(((heads + left - 1) / left))
    list+=${list:+,}$each heads=$((heads - each)) left=$((left - 1))
  done
  echo "$list"
}

find_fa3
find_ffmpeg
build pipedit pipedit_transfers gpu_tests
show devices -o "$out/here.json"
for part in "$@"; do
  printf '\n== %s (%d s so far)\n' "$part" $SECONDS
  case $part in
    transfers | tests | profile) $part ;;
    short) plans 480x352 97 4 "$gpus" "$(chunked 2)" "$(chunked 3)" ;;
    middle) plans 1024x576 97 2 "$gpus" "$(chunked 2)" ;;
    long) plans 1280x720 129 1 1 "$(chunked 2)" ;;
    *) fail "unknown part $part; there are transfers, tests, profile, short, middle and long" ;;
  esac
done
