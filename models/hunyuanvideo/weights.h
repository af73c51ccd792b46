#pragma once

#include <vector>

#include "models/model.h"
#include "models/weight_spec.h"

namespace pipedit::models::hunyuanvideo {

// The transformer's weights. D = hidden_size, F = patch features, M = mlp_width; each with .weight and .bias
// unless marked (w: weight only):
//   embed [D, F]; time.{0,2}, guidance.{0,2}, pooled.{0,2}
//   refiner.embed, refiner.time.{0,2}, refiner.text.{0,2}
//   refiner.I.{norm1, norm2, qkv [3D, D], proj, fc1 [4D, D], fc2, gates [2D, D]}
//   double.I.{video, text}.{modulation [6D, D], v, k, q, k_norm (w), q_norm (w), out, fc1, fc2}
//   single.I.{modulation [3D, D], v, k, q, mlp [M, D], k_norm (w), q_norm (w), out [D, D] (w), mlp_out [D, M]}
//   final.{shift, scale, out}
// A single block's second linear layer reads [attention | MLP]: `out` and `mlp_out` are its two column ranges, and
// `mlp_out` carries its bias.
std::vector<WeightSpec> dit_weights(const DitConfig&);

// Width of the refiner's MLP: the reference implementations do not pass their mlp_ratio on to the refiner.
constexpr std::int64_t refiner_mlp_width(const DitConfig& dit) { return 4 * dit.hidden_size; }

// The decoder's weights, under the stored keys with "vae." in front. Both namings have the same keys.
std::vector<WeightSpec> vae_weights(const VaeConfig&);

}  // namespace pipedit::models::hunyuanvideo
