#pragma once

#include <string>
#include <utility>

#include "models/model.h"

namespace pipedit::executor::kernels {

inline const std::string kDecoder = "vae.decoder.";

// The layers of the decoder between its first and its last convolution, in order. `Layers` computes them on values of
// its own kind: resnet(name, x), attention(name, x) and upsample(name, in_time, x). `seen(part, x)` is shown what each
// named part computed.
template <class Layers, class Value, class Seen>
Value walk_decoder(const Layers& layers, const models::VaeConfig& config, Value x, const Seen& seen) {
  const std::string middle = kDecoder + "mid_block.";
  x = layers.resnet(middle + "resnets.0", std::move(x));
  seen("mid_block.resnets.0", x);
  x = layers.attention(middle + "attentions.0", std::move(x));
  seen("mid_block.attentions.0", x);
  x = layers.resnet(middle + "resnets.1", std::move(x));
  seen("mid_block", x);
  for (int block = 0; block < 4; ++block) {
    const std::string part = "up_blocks." + std::to_string(block), name = kDecoder + part + ".";
    for (std::int64_t i = 0; i <= config.layers_per_block; ++i)
      x = layers.resnet(name + "resnets." + std::to_string(i), std::move(x));
    // 4 x in time and 8 x in space: the first block leaves time alone, the last leaves all alone
    if (block < 3) x = layers.upsample(name + "upsamplers.0.conv", block > 0, std::move(x));
    seen(part, x);
  }
  return x;
}

}  // namespace pipedit::executor::kernels
