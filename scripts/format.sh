#!/usr/bin/env bash
# Formats every C++ and CUDA file that git knows. With --check changes nothing, names what would change, and fails.
#
# Versions of clang-format disagree with each other, so it is always the one that scripts/setup.sh --check installed.
set -euo pipefail
cd "$(dirname "$0")/.."
tool=$(echo "${XDG_CACHE_HOME:-${HOME:?}/.cache}"/pipedit/check-tools/lib/python3*/site-packages/clang_format/data/bin/clang-format)
[ -x "$tool" ] || { echo "error: format: no clang-format; run scripts/setup.sh --check" >&2; exit 1; }
mode=(-i)
[ "${1:-}" != --check ] || mode=(--dry-run --Werror)
git ls-files -z '*.h' '*.cpp' '*.cu' '*.cuh' | xargs -0 -r "$tool" "${mode[@]}"
