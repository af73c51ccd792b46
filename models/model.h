#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

// What a model is: plain data, read from configs/models/*.json. Words and meaning are those of the reference
// implementations' configurations.
namespace pipedit::models {

enum class Dtype { bf16, fp32 };  // of the transformer's weights and activations

// A multi-modal diffusion transformer: double-stream blocks (video and text with their own weights, joint attention),
// then single-stream blocks over the joined sequence.
struct DitConfig {
  std::int64_t num_double_blocks = 0;
  std::int64_t num_single_blocks = 0;
  std::int64_t num_refiner_blocks = 0;
  std::int64_t hidden_size = 0;  // num_heads * head_dim
  std::int64_t num_heads = 0;
  std::int64_t head_dim = 0;
  std::int64_t mlp_width = 0;
  std::array<std::int64_t, 3> patch_size{1, 2, 2};  // latents per token: frames, rows, columns
  std::int64_t in_channels = 0;
  std::int64_t out_channels = 0;
  std::int64_t text_dim = 0;                    // width of the text encoder's states
  std::int64_t pooled_dim = 0;                  // width of the pooled text vector
  std::int64_t text_len = 0;                    // most text tokens of a request
  std::array<std::int64_t, 3> rope_dims_thw{};  // dimensions of a head that turn with time, row, column
  double rope_theta = 0;
  double ln_eps = 0;
  double qk_norm_eps = 0;
  std::int64_t time_sinusoid = 0;  // width of the sinusoid of a timestep
  friend bool operator==(const DitConfig&, const DitConfig&) = default;

  std::int64_t patch_features() const { return in_channels * patch_volume(); }  // of one token, before the embedding
  std::int64_t output_features() const { return out_channels * patch_volume(); }
  std::int64_t patch_volume() const { return patch_size[0] * patch_size[1] * patch_size[2]; }
};

// A causal 3D decoder: four times fewer latents in time, eight times fewer in rows and columns.
struct VaeConfig {
  std::vector<std::int64_t> block_out_channels;  // four, of the encoder's order: the decoder goes backwards
  std::int64_t layers_per_block = 0;             // the decoder has one more
  std::int64_t latent_channels = 0;
  std::int64_t norm_num_groups = 0;
  double norm_eps = 0;
  std::int64_t sample_size = 0;   // pixels of a tile, rows and columns
  std::int64_t sample_tsize = 0;  // frames of a tile
  double scaling_factor = 0;      // the decoder's input is latents / scaling_factor
  double tile_overlap_factor = 0;
  friend bool operator==(const VaeConfig&, const VaeConfig&) = default;
};

inline constexpr std::int64_t kTimeCompression = 4;
inline constexpr std::int64_t kSpaceCompression = 8;

struct SamplerConfig {  // defaults of a request
  std::int64_t steps = 0;
  double shift = 0;
  double guidance = 0;
  friend bool operator==(const SamplerConfig&, const SamplerConfig&) = default;
};

struct Model {
  std::string name;
  std::string family;  // which folder of models/ says how it is computed
  Dtype dtype = Dtype::bf16;
  DitConfig dit;
  VaeConfig vae;
  SamplerConfig sampler;
  friend bool operator==(const Model&, const Model&) = default;
};

}  // namespace pipedit::models
