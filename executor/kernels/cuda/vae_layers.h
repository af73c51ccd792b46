#pragma once

#include "executor/kernels/cuda/spread.h"
#include "executor/weights/weight_store.h"
#include "models/model.h"

namespace pipedit::executor::kernels::cuda {

// What the decoder's layers hand on.
struct Activation {
  at::Tensor x;     // [T, h, w, C], contiguous
  at::Tensor bias;  // [C] in fp32, still to be added to x; undefined: none
  at::Tensor sums;  // of x by block and channel, as sum_channels() writes them; undefined: not known yet
};

// The causal 3D decoder's layers (kernels/vae_blocks.h says what they compute) with channels innermost from its first
// convolution to its last. Between two convolutions lie a pass over the first one's output for the norm's statistics
// and one that norms, applies SiLU and writes the padded input of the second. A residual sum counts the statistics of
// what it writes. A convolution's bias is added by whatever reads its output. Those that follow a repetition run by
// phases on what was to be repeated.
//
// Temporaries: P positions of C_in and C_out channels. A resnet's first convolution holds its input, the padded input
// and its output, at most (2 C_in + C_out) 1.05 P numbers (the border: 67 x 258^2 of 65 x 256^2); its second one the
// input, padded input and output, (C_in + 2 C_out) 1.05 P. An upsampling one holds its phases and its result, 2.1 C P
// of the larger size. All are less than the (3 C_in + C_out) P that models::hunyuanvideo::tile_cost counts; what lies
// between is left to cuDNN.
class VaeLayers {
 public:
  VaeLayers(const WeightStore& weights, const models::VaeConfig& config) : weights_(weights), config_(config) {}

  // Whether the kernels take this decoder: whole accesses of 16 bytes in a position's channels, in fp32 or bf16.
  static bool take(const WeightStore&, const models::VaeConfig&);

  Activation enter(const at::Tensor& latents) const;  // up to the first convolution
  Activation resnet(const std::string& name, Activation x) const;
  Activation attention(const std::string& name, Activation x) const;
  Activation upsample(const std::string& name, bool time, Activation x) const;
  at::Tensor leave(Activation x) const;  // the last norm and convolution; [3, T, h, w], not contiguous

 private:
  at::Tensor normed(const std::string& name, Activation& x, bool for_convolution) const;
  Activation convolved(const std::string& name, const at::Tensor& padded) const;

  const WeightStore& weights_;
  const models::VaeConfig& config_;
};

}  // namespace pipedit::executor::kernels::cuda
