#!/usr/bin/env bash
# Builds with CUDA and runs the tests that need a GPU, on a machine whose python3 has the full torch.
#
#   scripts/gpu.sh [FILTER]     FILTER as in --gtest_filter
#
# A wheel of fa3-fwd in the folder that PIPEDIT_WHEELS names (.gpu by default) is unpacked, and its kernels are tested
# too. PIPEDIT_GPU_BUILD names the build folder, PIPEDIT_GPU_LOG a file for the tests' output.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { echo "error: gpu: $*" >&2; exit 1; }

nvidia-smi -L >/dev/null 2>&1 || fail "this machine has no NVIDIA GPU that nvidia-smi can see"
torch=$(python3 -c 'import importlib.util as u, os; s = u.find_spec("torch"); print(s and os.path.dirname(s.origin) or "")')
[ -e "$torch/lib/libtorch_cuda.so" ] || fail "python3 has no torch with CUDA; pip install torch==2.11.0"
build=${PIPEDIT_GPU_BUILD:-build/gpu}
log=${PIPEDIT_GPU_LOG:-$build/gpu-tests.log}

# NVLink multicast stays off; more hardware queues than the default 8, since every rank has five streams.
export NCCL_NVLS_ENABLE=0 TORCH_SYMM_MEM_DISABLE_MULTICAST=1 NVSHMEM_DISABLE_NVLS=1 CUDA_DEVICE_MAX_CONNECTIONS=32

wheel=$(ls "${PIPEDIT_WHEELS:-.gpu}"/fa3_fwd-*.whl 2>/dev/null | head -n 1 || true)
if [ -n "$wheel" ] && [ -z "${PIPEDIT_FA3_LIBRARY:-}" ]; then
  mkdir -p "$build/fa3"
  python3 -m zipfile -e "$wheel" "$build/fa3"
  export PIPEDIT_FA3_LIBRARY=$PWD/$build/fa3/fa3_fwd/_C.abi3.so
fi

mkdir -p "$build"
cmake --preset gpu -B "$build" -D PIPEDIT_TORCH_DIR="$torch" >"$build/configure.log" 2>&1 ||
  { cat "$build/configure.log" >&2; fail "cmake failed"; }
cmake --build "$build" --target gpu_tests
# The tests themselves say what ran on what: ctest would show the output of those that fail alone.
nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader
for tests in "$build"/bin/pipedit_*_gpu_test; do
  "$tests" ${1:+--gtest_filter="$1"} 2>&1 | tee -a "$log"
done
