#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "models/model.h"

namespace pipedit::models {

// A model file: {"format": "pipedit.model", "version": 1, "name", "family", "dtype", "dit", "vae", "sampler"}.
// Throws InputError naming the key: unknown keys, wrong types, values out of range, and shapes that do not fit
// together (hidden_size = num_heads * head_dim = the sum of rope_dims_thw times num_heads, and so on).
Model parse_model(std::string_view text);

// The same from a file; the message names it.
Model read_model(const std::filesystem::path&);

std::string write_model(const Model&);

}  // namespace pipedit::models
