#!/usr/bin/env bash
# The boards of the PipeDiT paper: what we predict for its HunyuanVideo runs against what it published, row by row; and
# the fit that gave configs/clusters/a6000x8.json and l40x8.json their efficiencies. Needs no GPU.
#
#   scripts/paper_fit.sh [CLUSTER] [--fit] [PIPEDIT]     a6000x8 (default) or l40x8; the program, default build/release/bin/pipedit
#
# --fit starts from the cluster's constants, takes ten damped Gauss-Newton steps in their logarithms and keeps the best:
# GEMM, attention and convolution efficiency and the host-to-device rate, by least squares of the logarithms of the
# times, all rows alike. A weak pull (5 % of a row's weight) towards where a step starts keeps constants that hardly
# show from running away.
#
# The paper does not print its group sizes. Here 6 GPUs denoise and 2 decode (7 and 1 fit as well, 5 and 3 worse), PipeSP
# sends head by head, Aco lends 3 of 24 heads to each decoding GPU; `offload` denoises and decodes on all 8.
set -euo pipefail
cd "$(dirname "$0")/.."

board=a6000x8 fit=no pipedit=build/release/bin/pipedit
for argument; do
  case $argument in
    a6000x8 | l40x8) board=$argument ;;
    --fit) fit=yes ;;
    *) pipedit=$argument ;;
  esac
done
[ -x "$pipedit" ] || { echo "error: paper_fit: $pipedit: not built yet (make build)" >&2; exit 1; }

published=tests/fixtures/paper/table7_hunyuanvideo.csv
cluster=configs/clusters/$board.json
case $board in a6000x8) platform=8xA6000 ;; l40x8) platform=8xL40 ;; esac
keys=(gemm_efficiency attention_efficiency convolution_efficiency host_to_device_bytes_per_s)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

axes() {  # of a published method
  local groups="--fix denoise=6 --fix decode=2" chunks="--fix rows=1 --fix chunks=1,1,1"
  case $1 in
    offload) echo "--only offload_ulysses --fix denoise=8" ;;
    dedivae) echo "--only dedivae $groups" ;;
    dedivae+pipesp) echo "--only dedivae_pipesp $groups $chunks" ;;
    dedivae+pipesp+aco) echo "--only dedivae_pipesp_aco $groups $chunks --fix lent=3" ;;
  esac
}

rows() { grep "^hunyuanvideo,$platform," "$published"; }

# Seconds of every row, a line each, on the cluster of this file.
predictions() {
  local width height frames steps method
  while IFS=, read -r _ _ width height frames steps method _; do
    # shellcheck disable=SC2046
    "$pipedit" plan --model hunyuanvideo --cluster "$1" --size "${width}x$height" --frames "$frames" --steps "$steps" \
      --count 10 --fix fill=on $(axes "$method") --json | awk '/"predicted_ns"/ { printf "%.3f\n", $2 / 1e9; exit }'
  done < <(rows)
}

# The value of a key, and the cluster with another one.
value() { sed -n "s/.*\"$2\": *\([0-9.e+-]*\).*/\1/p" "$1"; }
with() { sed "s/\(\"$2\": *\)[0-9.e+-]*/\1$3/" "$1"; }

# From predictions ($1), those with each constant 10 % up ($2 ..) and published seconds: a factor for each constant.
step() {
  paste "$@" <(rows | cut -d, -f8) | awk '
    { n = NF - 2; residual = log($NF / $1)
      for (i = 1; i <= n; ++i) j[i] = log($(i + 1) / $1) / log(1.1)
      for (i = 1; i <= n; ++i) { m[i, n + 1] += j[i] * residual; for (k = 1; k <= n; ++k) m[i, k] += j[i] * j[k] } }
    END {
      for (i = 1; i <= n; ++i) m[i, i] += 0.05 ^ 2
      for (i = 1; i <= n; ++i) for (r = 1; r <= n; ++r) if (r != i) {
        f = m[r, i] / m[i, i]; for (k = i; k <= n + 1; ++k) m[r, k] -= f * m[i, k] }
      for (i = 1; i <= n; ++i) { d = m[i, n + 1] / m[i, i]; d *= 0.5; print exp(d > 0.5 ? 0.5 : d < -0.5 ? -0.5 : d) } }'
}

# The root mean square of the logarithms of predicted over published.
error_of() { paste "$1" <(rows | cut -d, -f8) | awk '{ sum += log($1 / $2) ^ 2 } END { printf "%.4f", sqrt(sum / NR) }'; }

fitted() {  # leaves the fitted cluster in $work/cluster.json
  local i key round error best=9
  for round in 1 2 3 4 5 6 7 8 9 10; do
    predictions "$work/cluster.json" >"$work/now"
    error=$(error_of "$work/now")
    echo "# round $round: error $error$(for key in "${keys[@]}"; do printf ', %s %s' "$key" "$(value "$work/cluster.json" "$key")"; done)"
    if awk "BEGIN { exit !($error < $best) }"; then best=$error; cp "$work/cluster.json" "$work/best.json"; fi
    for i in "${!keys[@]}"; do
      key=${keys[i]}
      with "$work/cluster.json" "$key" "$(awk "BEGIN { print $(value "$work/cluster.json" "$key") * 1.1 }")" >"$work/up.json"
      predictions "$work/up.json" >"$work/up$i"
    done
    step "$work/now" "$work"/up[0-9] >"$work/factors"
    i=0
    while read -r factor; do
      key=${keys[i]} i=$((i + 1))
      with "$work/cluster.json" "$key" "$(awk "BEGIN { printf \"%.4g\", $(value "$work/cluster.json" "$key") * $factor }")" \
        >"$work/next.json"
      mv "$work/next.json" "$work/cluster.json"
    done <"$work/factors"
  done
  cp "$work/best.json" "$work/cluster.json"
}

cp "$cluster" "$work/cluster.json"
[ $fit = no ] || fitted
predictions "$work/cluster.json" >"$work/now"
echo "# $board | hunyuanvideo | ten videos, 30 steps | published: arXiv 2511.12056, Table 7"
paste -d, <(rows) "$work/now" | awk -F, '
  BEGIN { printf "%-20s %-14s %12s %12s %8s\n", "method", "video", "published_s", "predicted_s", "error_%" }
  { error = $9 / $8 - 1; sum += log($9 / $8) ^ 2; ++n
    printf "%-20s %-14s %12.0f %12.0f %+8.1f\n", $7, $3 "x" $4 "x" $5, $8, $9, 100 * error }
  END { printf "# root mean square of the logarithms: %.3f over %d rows\n", sqrt(sum / n), n }'
