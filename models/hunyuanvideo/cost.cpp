#include "models/hunyuanvideo/cost.h"

#include <algorithm>

#include "models/hunyuanvideo/tiling.h"
#include "models/hunyuanvideo/weights.h"

namespace pipedit::models::hunyuanvideo {

namespace {

// Walks the decoder's layers at their resolutions and adds up.
class TileCounter {
 public:
  TileCounter(std::int64_t t, std::int64_t h, std::int64_t w, std::int64_t element)
      : t_(t), h_(h), w_(w), element_(element) {}

  void convolution(std::int64_t in, std::int64_t out, std::int64_t kernel) {
    const std::int64_t volume = kernel * kernel * kernel;
    cost_.work += Flops{2 * in * out * volume * positions()};
    touch(in + out);
  }

  // Norm, SiLU and padding before a convolution: statistics read the input once, the rest reads and writes it.
  void normed_convolution(std::int64_t in, std::int64_t out) {
    touch(3 * in);
    convolution(in, out, 3);
    hold(2 * in + out);  // the input, its padded copy and the output
  }

  void resnet(std::int64_t in, std::int64_t out) {
    normed_convolution(in, out);
    normed_convolution(out, out);
    if (in != out) convolution(in, out, 1);
    hold(in + 2 * out);  // the input waits for the second convolution's output
    touch(3 * out);
  }

  // A query in frame i sees the keys of frames 0 .. i: half of all pairs and half the diagonal.
  void attention(std::int64_t channels) {
    const std::int64_t frame = h_ * w_;
    cost_.work += Flops{8 * channels * channels * positions() + 4 * channels * frame * frame * t_ * (t_ + 1) / 2};
    touch(10 * channels);
  }

  void upsample(std::int64_t channels, bool in_time) {
    if (in_time) t_ = 2 * t_ - 1;
    h_ *= 2, w_ *= 2;
    touch(channels);
    convolution(channels, channels, 3);
    hold(2 * channels + channels / 4);  // what was repeated into the padded copy is a quarter of it, or less
  }

  TileCost cost() const { return cost_; }

 private:
  std::int64_t positions() const { return t_ * h_ * w_; }
  void hold(std::int64_t channels) {
    cost_.workspace = std::max(cost_.workspace, Bytes{channels * positions() * element_});
  }
  void touch(std::int64_t channels) { cost_.moved += Bytes{channels * positions() * element_}; }

  std::int64_t t_, h_, w_, element_;
  TileCost cost_;
};

constexpr std::int64_t kColours = 3;

}  // namespace

Flops refine_constants_work(const DitConfig& dit, std::int64_t text_rows) {
  return Flops{2 * text_rows * dit.text_dim * dit.hidden_size};
}

Flops refine_work(const DitConfig& dit, std::int64_t text_rows) {
  const std::int64_t d = dit.hidden_size;
  const std::int64_t linear = 2 * text_rows * d * (4 * d + 2 * refiner_mlp_width(dit)),
                     attention = 4 * text_rows * text_rows * d;
  return Flops{dit.num_refiner_blocks * (linear + attention)};
}

TileCost tile_cost(const VaeConfig& vae, std::int64_t t, std::int64_t h, std::int64_t w, std::int64_t element) {
  TileCounter counter(t, h, w, element);
  std::vector<std::int64_t> channels(vae.block_out_channels.rbegin(), vae.block_out_channels.rend());
  counter.convolution(vae.latent_channels, vae.latent_channels, 1);
  counter.convolution(vae.latent_channels, channels.front(), 3);
  counter.resnet(channels.front(), channels.front());
  counter.attention(channels.front());
  counter.resnet(channels.front(), channels.front());
  std::int64_t in = channels.front();
  for (std::size_t block = 0; block < channels.size(); ++block) {
    for (std::int64_t layer = 0; layer <= vae.layers_per_block; ++layer, in = channels[block])
      counter.resnet(in, channels[block]);
    if (block + 1 < channels.size()) counter.upsample(channels[block], block > 0);
  }
  counter.normed_convolution(channels.back(), kColours);
  return counter.cost();
}

}  // namespace pipedit::models::hunyuanvideo
