#pragma once

#include "core/json.h"
#include "models/model.h"

// The parts of a model file. Included by *_json.cpp files alone.
namespace pipedit::models {

constexpr std::int64_t kMost = 1 << 20;  // no width or count of a model comes near; products stay far from overflow

inline std::int64_t read_size(Fields& fields, const char* key) { return fields.integer(key, 1, kMost); }

DitConfig read_dit(Fields);
VaeConfig read_vae(Fields);
Json to_json(const DitConfig&);
Json to_json(const VaeConfig&);

}  // namespace pipedit::models
