#!/usr/bin/env bash
# Installs what building and testing need and is not there yet; a second run changes nothing.
#
#   scripts/setup.sh                 Debian packages, LibTorch, ffmpeg
#   scripts/setup.sh --core          Debian packages alone: enough for the preset `core`
#   scripts/setup.sh --check         also clang-format and clang-tidy, at the versions `make check` counts on
#   scripts/setup.sh --gpu           also LibTorch with its CUDA part (4.7 GB) and, where there is a Hopper GPU,
#                                    FlashAttention-3; needs NVIDIA's driver and a CUDA toolkit
#   scripts/setup.sh --print-cuda-torch   where the LibTorch with CUDA is, and nothing else
#
# What is not a Debian package goes to ${XDG_CACHE_HOME:-~/.cache}/pipedit, which may be deleted at any time.
# PIPEDIT_TORCH_DIR names a LibTorch to use instead (the folder that holds include/ and lib/); PIPEDIT_WHEELS a folder of
# wheels, for machines without a network.
set -euo pipefail

torch_version=2.11.0
# libtorch_cpu.so needs these two and nothing else of what the full package would bring (4.7 GB).
torch_wheels=(torch==$torch_version nvidia-cuda-runtime==13.0.96 nvidia-cuda-cupti==13.0.85)
ffmpeg_wheels=(imageio-ffmpeg==0.6.0)
fa3_wheels=(fa3-fwd==0.0.3)
check_wheels=(clang-format==14.0.6 clang-tidy==19.1.0)
packages=(g++ cmake ninja-build ccache mold python3 python3-venv nlohmann-json3-dev libcli11-dev libfmt-dev
          libeigen3-dev libboost-dev libgtest-dev libgmock-dev libbenchmark-dev)
cache=${XDG_CACHE_HOME:-${HOME:?}/.cache}/pipedit

say() { echo "setup: $*" >&2; }
fail() { echo "error: setup: $*" >&2; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

missing_packages() {
  dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${packages[@]}" 2>/dev/null |
    awk -v wanted="${packages[*]}" '
      $2 == "installed" { have[$1] = 1 }
      END { n = split(wanted, names, " "); for (i = 1; i <= n; ++i) if (!(names[i] in have)) print names[i] }'
}

# On a terminal what takes long shows how far it is, elsewhere only what it says of errors.
with_progress() { if [ -t 2 ]; then "$@" >&2; else "$@" >/dev/null; fi; }

install_packages() {
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    fail "this needs Debian's apt-get; elsewhere install these by hand (Debian's names): ${packages[*]}"
  fi
  local missing
  mapfile -t missing < <(missing_packages)
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    fail "not root and no sudo: ask an administrator for: apt-get install ${missing[*]}"
  fi
  say "installing ${missing[*]} (all of them: about 0.6 GB on disk)"
  local install=(env DEBIAN_FRONTEND=noninteractive apt-get -q -o Dpkg::Use-Pty=0 install -y --no-install-recommends "${missing[@]}")
  # Package lists that are absent or out of date are the usual reason for a failure, so the second try has new ones.
  if ! apt-get install --simulate "${missing[@]}" >/dev/null 2>&1 || ! with_progress as_root "${install[@]}"; then
    with_progress as_root apt-get -q update || fail "apt-get update failed"
    with_progress as_root "${install[@]}" || fail "apt-get could not install ${missing[*]}"
  fi
}

# install_wheels NAME WHEEL...: a virtual environment $cache/NAME with these wheels, and what they need where
# with_needs is set. It appears whole or not at all: it is made under another name, and nothing in it that we use refers
# to its own path.
install_wheels() {
  local name=$1; shift
  local making=$cache/$name.part options=(--no-deps)
  [ -z "${with_needs:-}" ] || options=()
  [ -t 2 ] || options+=(--quiet)
  [ -z "${PIPEDIT_WHEELS:-}" ] || options+=(--no-index --find-links "$PIPEDIT_WHEELS")
  rm -rf "$making"
  python3 -m venv "$making" || fail "python3 -m venv failed in $making"
  "$making/bin/python" -m pip install --disable-pip-version-check --no-cache-dir "${options[@]}" "$@" >&2 ||
    fail "pip could not install $*: is there a network, and does $(python3 --version) have a wheel on $(uname -m)?"
  rm -rf "${cache:?}/$name"
  mv "$making" "$cache/$name"
}

# complete_torch DIR: DIR holds a LibTorch of our version, with all that libtorch_cpu.so needs.
complete_torch() {
  [ -e "$1/lib/libtorch_cpu.so" ] && [ -d "$1/include/ATen" ] &&
    grep -q "^__version__ = '$torch_version" "$1/version.py" 2>/dev/null &&
    ! ldd "$1/lib/libtorch_cpu.so" | grep -q 'not found'
}

# With CUDA first, where set-up has installed it.
own_torches() { ls -d "$cache/torch-$torch_version"{-cuda,}/lib/python3*/site-packages/torch 2>/dev/null || true; }

# with_cuda DIR: the LibTorch in DIR has its CUDA part and cuDNN, which that cannot do without.
with_cuda() {
  [ -e "$1/lib/libtorch_cuda.so" ] &&
    { compgen -G "$1/../nvidia/cudnn/lib/libcudnn.so.*" || compgen -G "$1/lib/libcudnn.so.*"; } >/dev/null
}

# The LibTorch to use, or nothing: the one named, the one that python3 would import, or our own.
find_torch() {
  if [ -n "${PIPEDIT_TORCH_DIR:-}" ]; then
    local part=cpu
    [ -z "${needs_cuda:-}" ] || part=cuda
    [ -e "$PIPEDIT_TORCH_DIR/lib/libtorch_$part.so" ] ||
      fail "PIPEDIT_TORCH_DIR: no lib/libtorch_$part.so in $PIPEDIT_TORCH_DIR"
    echo "$PIPEDIT_TORCH_DIR"
    return
  fi
  local installed
  installed=$(python3 -c 'import importlib.util as u, os; s = u.find_spec("torch"); print(s and os.path.dirname(s.origin) or "")' 2>/dev/null) || true
  for dir in "$installed" $(own_torches); do
    if [ -n "$dir" ] && complete_torch "$dir" && { [ -z "${needs_cuda:-}" ] || with_cuda "$dir"; }; then
      echo "$dir"
      return
    fi
  done
}

note() { [ "$(cat "$cache/$1" 2>/dev/null)" = "$2" ] || echo "$2" >"$cache/$1"; }

# install_torch SUFFIX WHAT WHEEL...: the LibTorch to use, from these wheels if there is none yet.
install_torch() {
  local name=torch-$torch_version$1 what=$2 dir
  shift 2
  dir=$(find_torch)
  if [ -z "$dir" ]; then
    [ "$(uname -m)" = x86_64 ] || fail "LibTorch $torch_version is fetched for x86_64 alone; set PIPEDIT_TORCH_DIR, or build without: make core"
    say "downloading LibTorch $torch_version, $what, to $cache"
    install_wheels "$name" "$@"
    dir=$(find_torch)
    [ -n "$dir" ] || fail "the LibTorch in $cache/$name does not load${needs_cuda:+, or has no cuDNN}"
  fi
  note torch-dir "$dir"
}

install_cpu_torch() { install_torch "" "CPU part (544 MB; 1.3 GB on disk)" "${torch_wheels[@]}"; }

install_cuda_torch() {
  nvidia-smi -L >/dev/null 2>&1 || fail "--gpu: nvidia-smi sees no GPU here; install NVIDIA's driver first"
  command -v nvcc >/dev/null || [ -x "${CUDA_HOME:-/usr/local/cuda}/bin/nvcc" ] ||
    fail "--gpu: no nvcc on the path or in ${CUDA_HOME:-/usr/local/cuda}; install a CUDA 13 toolkit first"
  needs_cuda=1 with_needs=1 install_torch -cuda "with CUDA (4.7 GB on disk)" "torch==$torch_version"
}

install_fa3() {
  nvidia-smi --query-gpu=compute_cap --format=csv,noheader 2>/dev/null | grep -q '^9' || return 0  # it is for Hopper
  local library
  library=$(dirname "$(cat "$cache/torch-dir")")/fa3_fwd/_C.abi3.so
  [ -e "$library" ] || library=$(ls "$cache"/fa3/lib/python3*/site-packages/fa3_fwd/_C.abi3.so 2>/dev/null) || {
    say "downloading FlashAttention-3 (27 MB) to $cache"
    install_wheels fa3 "${fa3_wheels[@]}"
    library=$(ls "$cache"/fa3/lib/python3*/site-packages/fa3_fwd/_C.abi3.so)
  }
  note fa3-library "$library"
}

install_ffmpeg() {
  local path
  path=$(command -v ffmpeg) || path=$(ls "$cache"/ffmpeg/lib/python3*/site-packages/imageio_ffmpeg/binaries/ffmpeg-* 2>/dev/null) || {
    say "downloading ffmpeg (29 MB) to $cache"
    install_wheels ffmpeg "${ffmpeg_wheels[@]}"
    path=$(ls "$cache"/ffmpeg/lib/python3*/site-packages/imageio_ffmpeg/binaries/ffmpeg-*)
  }
  note ffmpeg-path "$path"
}

install_check_tools() {
  local wanted="${check_wheels[*]}"
  [ "$(cat "$cache/check-tools/wheels" 2>/dev/null)" != "$wanted" ] || return 0
  say "downloading $wanted (50 MB) to $cache"
  install_wheels check-tools "${check_wheels[@]}"
  echo "$wanted" >"$cache/check-tools/wheels"
}

print_cuda_torch() {
  local dir
  dir=$(needs_cuda=1 find_torch)
  [ -n "$dir" ] || fail "no LibTorch $torch_version with CUDA here; run scripts/setup.sh --gpu"
  echo "$dir"
  exit
}

case ${1:-} in
  "" | --core | --check | --gpu) ;;
  --print-cuda-torch) print_cuda_torch ;;
  *) fail "unknown option $1; there are --core, --check, --gpu and --print-cuda-torch" ;;
esac
install_packages
[ "${1:-}" != --core ] || exit 0
mkdir -p "$cache" && exec 9>"$cache/lock" && flock 9  # two set-ups at once take turns
if [ "${1:-}" = --gpu ]; then install_cuda_torch; install_fa3; else install_cpu_torch; fi
install_ffmpeg
[ "${1:-}" != --check ] || install_check_tools
