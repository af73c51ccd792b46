#include "executor/kernels/patches.h"

namespace pipedit::executor::kernels {

at::Tensor patchify(const at::Tensor& latents, std::array<std::int64_t, 3> patch) {
  const auto [pt, ph, pw] = patch;
  const std::int64_t channels = latents.size(0);
  const std::int64_t t = latents.size(1), rows = latents.size(2) / ph, columns = latents.size(3) / pw;
  TORCH_CHECK(pt == 1, "a token spans one latent frame");
  return latents.reshape({channels, t, rows, ph, columns, pw})
      .permute({1, 2, 4, 0, 3, 5})
      .reshape({t * rows * columns, channels * ph * pw})
      .contiguous();
}

at::Tensor unpatchify(const at::Tensor& tokens, std::array<std::int64_t, 3> thw, std::array<std::int64_t, 3> patch) {
  const auto [t, h, w] = thw;
  const auto [pt, ph, pw] = patch;
  const std::int64_t channels = tokens.size(1) / (ph * pw);
  TORCH_CHECK(pt == 1, "a token spans one latent frame");
  return tokens.reshape({t, h / ph, w / pw, channels, ph, pw})
      .permute({3, 0, 1, 4, 2, 5})
      .reshape({channels, t, h, w})
      .contiguous();
}

}  // namespace pipedit::executor::kernels
