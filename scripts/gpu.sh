#!/usr/bin/env bash
# Builds with CUDA, and tests, runs or profiles, with the LibTorch of python3 or that of scripts/setup.sh --gpu, which is
# called where there is neither.
#
#   scripts/gpu.sh tests [FILTER]      the tests that need a GPU; FILTER as in --gtest_filter. The default. Without a
#                                      FILTER some of them again under compute-sanitizer's memcheck
#   scripts/gpu.sh pipedit WORD..      the program itself: `scripts/gpu.sh pipedit devices`
#   scripts/gpu.sh run [WxH FRAMES STEPS [RANKS]]
#                                      plans for this GPU, predicts and runs hunyuanvideo, compares; before it the tiny
#                                      model on four ranks of one GPU. Default: 480x352 97 2 1
#   scripts/gpu.sh profile [WORD..]    measures the GPU for hunyuanvideo; WORDs as `pipedit profile` takes them.
#                                      Default: --size 480x352 --frames 97
#   scripts/gpu.sh compare             the same as run, predicted with the profile that `profile` wrote
#   scripts/gpu.sh matrix WxH FRAMES STEPS
#                                      plans of every family for one rank, and for two and four on the one GPU: planned
#                                      with that profile, predicted, run, compared, and a table of all: traces/H200
#   scripts/gpu.sh floors [WORD..]     a step and a decode against their floors; WORDs as pipedit_floors takes them
#
# Everything but tests lands in PIPEDIT_GPU_OUT (build/gpu-out by default). Wheels of fa3-fwd and imageio-ffmpeg, or
# ffmpeg.xz, in the folder that PIPEDIT_WHEELS names (.gpu by default) are unpacked and used. PIPEDIT_GPU_BUILD names the
# build folder, which is taken as it is where PIPEDIT_GPU_BUILT is set; PIPEDIT_GPU_LOG a file for the tests' output.
set -euo pipefail
cd "$(dirname "$0")/.."

. scripts/gpu_common.sh

tests() {
  [ $# -gt 0 ] || find_memcheck
  build gpu_tests
  # The tests themselves say what ran on what: ctest would show the output of those that fail alone.
  nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader
  for tests in "$build"/bin/pipedit_*_gpu_test; do
    "$tests" ${1:+--gtest_filter="$1"} 2>&1 | tee -a "$log"
  done
  [ $# -gt 0 ] || memcheck
}

find_memcheck() {
  sanitizer=$(command -v compute-sanitizer || ls "${CUDA_HOME:-/usr/local/cuda}/bin/compute-sanitizer" 2>/dev/null) ||
    fail "the tests end with memcheck: compute-sanitizer comes with the CUDA toolkit and is not there"
}

# Errors of calls are left out: LibTorch asks for kinds of memory that a machine may not have, and does without.
memcheck() {
  "$sanitizer" --tool memcheck --report-api-errors no --error-exitcode 1 "$build/bin/pipedit_executor_gpu_test" \
    --gtest_filter='*GpuPlan*:*GpuKernels*:*GpuAttention*:*GpuVae*:GpuOffLoad.IsBitEqual*' 2>&1 | tee -a "$log"
}

# plan_and_run NAME RUN_OPTIONS.. -- PLAN_OPTIONS..: everything about one plan is called $out/NAME.
plan_and_run() {
  local name=$out/$1 options=()
  shift
  while [ "$1" != -- ]; do options+=("$1"); shift; done
  shift
  rm -rf "$name"
  show plan "$@" --top 0 -o "$name.plan.json"
  show simulate "$name.plan.json" -o "$name.timeline.json"
  show run "$name.plan.json" "${options[@]}" --random-weights 1 --random-embeddings 1 -o "$name"
  show compare "$name.timeline.json" "$name/measured.timeline.json"
}

run() {
  local size=${1:-480x352} frames=${2:-97} steps=${3:-2} ranks=${4:-1} profile=()
  [ -z "${use_profile:-}" ] || profile=(--profile "$out/gpu.profile.json")
  show devices -o "$out/here.json"
  local here=(--cluster "$out/here.json" --gpus 1)
  plan_and_run tiny -- --model hunyuanvideo-tiny "${here[@]}" --ranks-per-gpu 4 --only ulysses --workload demo
  plan_and_run full --keep-latents -- --model hunyuanvideo "${here[@]}" --ranks-per-gpu "$ranks" --size "$size" \
    --frames "$frames" --steps "$steps" --count 1 --text-tokens 256 "${profile[@]}"
}

matrix() {
  [ $# -eq 3 ] || fail "matrix takes WxH FRAMES STEPS"
  matrix=$out/matrix
  mkdir -p "$matrix"
  cp "$out/gpu.profile.json" "$matrix/hunyuanvideo.profile.json"
  show devices -o "$out/here.json" >/dev/null
  local options=(--gpus 1 --size "$1" --frames "$2" --steps "$3" --count 2) family ranks
  one_of_matrix "$1x$2-single-1" --only single "${options[@]}"
  for family in ulysses pipesp dedivae_pipesp_aco offload_ulysses; do
    for ranks in 2 4; do
      one_of_matrix "$1x$2-$family-$ranks" --ranks-per-gpu $ranks --only $family --fix ranks=$ranks "${options[@]}"
    done
  done
  "$table" --kinds "$matrix/$1x$2"-*.compare.json
  "$table" --memory "$matrix/$1x$2"-*.run.json
}

profile() {
  [ $# -gt 0 ] || set -- --size 480x352 --frames 97
  show profile --device cuda --model hunyuanvideo --text-tokens 256 "$@" -o "$out/gpu.profile.json"
}

command=${1:-tests}
[ $# -eq 0 ] || shift
find_fa3
case $command in
  tests) tests "$@" ;;
  pipedit) find_ffmpeg; build pipedit; show "$@" ;;
  run) find_ffmpeg; build pipedit; run "$@" ;;
  profile) find_ffmpeg; build pipedit; profile "$@" ;;
  compare) find_ffmpeg; build pipedit; use_profile=1 run "$@" ;;
  matrix) find_ffmpeg; build pipedit; matrix "$@" ;;
  floors) build pipedit_floors; "$build/bin/pipedit_floors" ${PIPEDIT_FA3_LIBRARY:+--fa3 "$PIPEDIT_FA3_LIBRARY"} "$@" ;;
  *) fail "unknown command $command; there are tests, pipedit, run, profile, compare, matrix and floors" ;;
esac
