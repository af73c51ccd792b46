#!/usr/bin/env bash
# Builds with CUDA, and tests, runs or profiles, on a machine whose python3 has the full torch.
#
#   scripts/gpu.sh tests [FILTER]      the tests that need a GPU; FILTER as in --gtest_filter. The default
#   scripts/gpu.sh pipedit WORD..      the program itself: `scripts/gpu.sh pipedit devices`
#   scripts/gpu.sh run [WxH FRAMES STEPS [RANKS]]
#                                      plans for this GPU, predicts and runs hunyuanvideo, compares; before it the tiny
#                                      model on four ranks of one GPU. Default: 480x352 97 2 1
#   scripts/gpu.sh profile [WORD..]    measures the GPU for hunyuanvideo; WORDs as `pipedit profile` takes them.
#                                      Default: --size 480x352 --frames 97
#   scripts/gpu.sh compare             the same as run, predicted with the profile that `profile` wrote
#   scripts/gpu.sh matrix WxH FRAMES STEPS
#                                      plans of every family for one rank, and for two and four on the one GPU: planned
#                                      with that profile, predicted, run, compared, and a table of all. What traces/
#                                      holds came from it
#   scripts/gpu.sh floors [WORD..]     a step and a decode against their floors; WORDs as pipedit_floors takes them
#
# Everything but tests lands in PIPEDIT_GPU_OUT (build/gpu-out by default). Wheels of fa3-fwd and imageio-ffmpeg, or
# ffmpeg.xz, in the folder that PIPEDIT_WHEELS names (.gpu by default) are unpacked and used. PIPEDIT_GPU_BUILD names the
# build folder, which is taken as it is where PIPEDIT_GPU_BUILT is set; PIPEDIT_GPU_LOG a file for the tests' output.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { echo "error: gpu: $*" >&2; exit 1; }

nvidia-smi -L >/dev/null 2>&1 || fail "this machine has no NVIDIA GPU that nvidia-smi can see"
torch=$(python3 -c 'import importlib.util as u, os; s = u.find_spec("torch"); print(s and os.path.dirname(s.origin) or "")')
[ -e "$torch/lib/libtorch_cuda.so" ] || fail "python3 has no torch with CUDA; pip install torch==2.11.0"
mkdir -p "${PIPEDIT_GPU_BUILD:-build/gpu}"
build=$(cd "${PIPEDIT_GPU_BUILD:-build/gpu}" && pwd)
mkdir -p "${PIPEDIT_GPU_OUT:-build/gpu-out}"
out=$(cd "${PIPEDIT_GPU_OUT:-build/gpu-out}" && pwd)
log=${PIPEDIT_GPU_LOG:-$build/gpu-tests.log}
wheels=${PIPEDIT_WHEELS:-.gpu}
pipedit=$build/bin/pipedit
table=$PWD/scripts/compare_table.py

# NVLink multicast stays off; more hardware queues than the default 8, since every rank has five streams.
export NCCL_NVLS_ENABLE=0 TORCH_SYMM_MEM_DISABLE_MULTICAST=1 NVSHMEM_DISABLE_NVLS=1 CUDA_DEVICE_MAX_CONNECTIONS=32

# wheel NAME: unpacks the wheel of that name where it is there, and says where to.
wheel() {
  local file
  file=$(ls "$wheels/$1"-*.whl 2>/dev/null | head -n 1 || true)
  [ -n "$file" ] || return 1
  [ -d "$build/$1" ] || python3 -m zipfile -e "$file" "$build/$1"
  echo "$build/$1"
}

find_fa3() {
  local dir
  [ -z "${PIPEDIT_FA3_LIBRARY:-}" ] || return 0
  if dir=$(wheel fa3_fwd); then export PIPEDIT_FA3_LIBRARY=$dir/fa3_fwd/_C.abi3.so; fi
}

find_ffmpeg() {
  local dir
  if [ -n "${PIPEDIT_FFMPEG:-}" ] || command -v ffmpeg >/dev/null; then return 0; fi
  if dir=$(wheel imageio_ffmpeg); then
    PIPEDIT_FFMPEG=$(ls "$dir"/imageio_ffmpeg/binaries/ffmpeg-* | head -n 1)
  elif [ -e "$wheels/ffmpeg.xz" ]; then
    PIPEDIT_FFMPEG=$build/ffmpeg
    [ -e "$PIPEDIT_FFMPEG" ] ||
      python3 -c 'import lzma, shutil, sys; shutil.copyfileobj(lzma.open(sys.argv[1]), open(sys.argv[2], "wb"))' \
        "$wheels/ffmpeg.xz" "$PIPEDIT_FFMPEG"
  else
    fail "no ffmpeg on the path, and neither a wheel of imageio-ffmpeg nor ffmpeg.xz in $wheels"
  fi
  chmod +x "$PIPEDIT_FFMPEG"
  export PIPEDIT_FFMPEG
}

build() {
  [ -z "${PIPEDIT_GPU_BUILT:-}" ] || return 0
  cmake --preset gpu -B "$build" -D PIPEDIT_TORCH_DIR="$torch" >"$build/configure.log" 2>&1 ||
    { cat "$build/configure.log" >&2; fail "cmake failed"; }
  cmake --build "$build" --target "$@" >"$build/build.log" 2>&1 ||
    { grep -E "error|FAILED" "$build/build.log" | head -n 40 >&2; fail "the build failed: $build/build.log"; }
}

# What is typed, then what it says.
show() { printf '\n$ pipedit %s\n' "$*"; "$pipedit" "$@"; }

tests() {
  build gpu_tests
  # The tests themselves say what ran on what: ctest would show the output of those that fail alone.
  nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader
  for tests in "$build"/bin/pipedit_*_gpu_test; do
    "$tests" ${1:+--gtest_filter="$1"} 2>&1 | tee -a "$log"
  done
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

# one_of_matrix NAME FAMILY RANKS PLAN_OPTIONS..: in the folder matrix, all about it in NAME.log. What fails, or does not
# fit, is one line.
one_of_matrix() (
  local name=$1 family=$2 ranks=$3
  shift 3
  cd "$out/matrix"
  rm -rf "$name" "$name".*
  "$pipedit" plan --model hunyuanvideo --cluster "$out/here.json" --gpus 1 --ranks-per-gpu "$ranks" --only "$family" \
    --fix ranks="$ranks" --profile hunyuanvideo.profile.json --text-tokens 256 --top 0 "$@" -o "$name.plan.json" \
    >"$name.log" 2>&1 &&
    "$pipedit" simulate "$name.plan.json" -o "$name.predicted.timeline.json" >>"$name.log" 2>&1 &&
    "$pipedit" run "$name.plan.json" --random-weights 1 --random-embeddings 1 -o "$name" >>"$name.log" 2>&1 &&
    cp "$name/measured.timeline.json" "$name.measured.timeline.json" &&
    "$pipedit" compare "$name.predicted.timeline.json" "$name.measured.timeline.json" >>"$name.log" 2>&1 &&
    "$pipedit" compare --json "$name.predicted.timeline.json" "$name.measured.timeline.json" >"$name.compare.json" ||
    { echo "$name: $(tail -n 1 "$name.log")"; return 0; }
  "$table" "$name.compare.json"
)

matrix() {
  [ $# -eq 3 ] || fail "matrix takes WxH FRAMES STEPS"
  mkdir -p "$out/matrix"
  cp "$out/gpu.profile.json" "$out/matrix/hunyuanvideo.profile.json"
  show devices -o "$out/here.json" >/dev/null
  local options=(--size "$1" --frames "$2" --steps "$3" --count 2) family ranks
  one_of_matrix "$1x$2-single-1" single 1 "${options[@]}"
  for family in ulysses pipesp dedivae_pipesp_aco offload_ulysses; do
    for ranks in 2 4; do one_of_matrix "$1x$2-$family-$ranks" $family $ranks "${options[@]}"; done
  done
  "$table" --kinds "$out"/matrix/"$1x$2"-*.compare.json
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
