# What scripts/gpu.sh and scripts/multi_gpu.sh share; they read it from the root of the tree.

fail() { echo "error: gpu: $*" >&2; exit 1; }

nvidia-smi -L >/dev/null 2>&1 || fail "this machine has no NVIDIA GPU that nvidia-smi can see"
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

# noted NAME: what scripts/setup.sh found or installed.
noted() { head -n 1 "${XDG_CACHE_HOME:-$HOME/.cache}/pipedit/$1" 2>/dev/null; }

# wheel NAME: unpacks the wheel of that name where it is there, and says where to.
wheel() {
  local file
  file=$(ls "$wheels/$1"-*.whl 2>/dev/null | head -n 1 || true)
  [ -n "$file" ] || return 1
  [ -d "$build/$1" ] || python3 -m zipfile -e "$file" "$build/$1"
  echo "$build/$1"
}

find_fa3() {
  local dir library
  [ -z "${PIPEDIT_FA3_LIBRARY:-}" ] || return 0
  if dir=$(wheel fa3_fwd); then
    export PIPEDIT_FA3_LIBRARY=$dir/fa3_fwd/_C.abi3.so
  elif library=$(noted fa3-library); then
    export PIPEDIT_FA3_LIBRARY=$library
  fi
}

find_ffmpeg() {
  local dir installed
  if [ -n "${PIPEDIT_FFMPEG:-}" ] || command -v ffmpeg >/dev/null; then return 0; fi
  if dir=$(wheel imageio_ffmpeg); then
    PIPEDIT_FFMPEG=$(ls "$dir"/imageio_ffmpeg/binaries/ffmpeg-* | head -n 1)
  elif [ -e "$wheels/ffmpeg.xz" ]; then
    PIPEDIT_FFMPEG=$build/ffmpeg
    [ -e "$PIPEDIT_FFMPEG" ] ||
      python3 -c 'import lzma, shutil, sys; shutil.copyfileobj(lzma.open(sys.argv[1]), open(sys.argv[2], "wb"))' \
        "$wheels/ffmpeg.xz" "$PIPEDIT_FFMPEG"
  elif installed=$(noted ffmpeg-path); then
    PIPEDIT_FFMPEG=$installed
  else
    fail "no ffmpeg on the path, and neither a wheel of imageio-ffmpeg nor ffmpeg.xz in $wheels: scripts/setup.sh installs one"
  fi
  chmod +x "$PIPEDIT_FFMPEG"
  export PIPEDIT_FFMPEG
}

build() {
  [ -z "${PIPEDIT_GPU_BUILT:-}" ] || return 0
  local torch
  torch=$(scripts/setup.sh --print-cuda-torch 2>/dev/null) || {
    scripts/setup.sh --gpu
    torch=$(scripts/setup.sh --print-cuda-torch)
  }
  cmake --preset gpu -B "$build" -D PIPEDIT_TORCH_DIR="$torch" >"$build/configure.log" 2>&1 ||
    { cat "$build/configure.log" >&2; fail "cmake failed"; }
  cmake --build "$build" --target "$@" >"$build/build.log" 2>&1 ||
    { grep -E "error|FAILED" "$build/build.log" | head -n 40 >&2; fail "the build failed: $build/build.log"; }
}

# What is typed, then what it says.
show() { printf '\n$ pipedit %s\n' "$*"; "$pipedit" "$@"; }

# one_of_matrix NAME PLAN_OPTIONS..: in the folder $matrix, planned with its profile, predicted, run and compared, all about
# it in NAME.log. What fails, or does not fit, is one line.
one_of_matrix() (
  local name=$1
  shift
  cd "$matrix"
  rm -rf "$name" "$name".*
  "$pipedit" plan --model hunyuanvideo --cluster "$out/here.json" --profile hunyuanvideo.profile.json --text-tokens 256 \
    --top 0 "$@" -o "$name.plan.json" >"$name.log" 2>&1 &&
    "$pipedit" simulate "$name.plan.json" -o "$name.predicted.timeline.json" >>"$name.log" 2>&1 &&
    "$pipedit" run --json "$name.plan.json" --random-weights 1 --random-embeddings 1 --keep-latents -o "$name" \
      2>>"$name.log" >"$name.run.json" &&
    cp "$name/measured.timeline.json" "$name.measured.timeline.json" &&
    "$pipedit" compare --svg "$name.svg" "$name.predicted.timeline.json" "$name.measured.timeline.json" \
      >>"$name.log" 2>&1 &&
    "$pipedit" compare --json "$name.predicted.timeline.json" "$name.measured.timeline.json" 2>>"$name.log" \
      >"$name.compare.json" ||
    { rm -f "$name.compare.json" "$name.run.json"; echo "$name: $(tail -n 1 "$name.log")"; return 0; }
  "$table" "$name.compare.json"
)
