#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace pipedit::executor {

// Everything that a run was started with beside its plan, so that it can go on without being told again. Paths are
// absolute.
struct RunOrigin {
  std::string device = "cpu";
  std::optional<std::filesystem::path> weights = {};     // a checkpoint, or
  std::optional<std::uint64_t> random_weights = {};      // a seed
  std::optional<std::filesystem::path> embeddings = {};  // a folder, or
  std::optional<std::uint64_t> random_embeddings = {};   // a seed
  std::uint64_t seed = 0;                                // of the noise
  bool keep_latents = false;
  friend bool operator==(const RunOrigin&, const RunOrigin&) = default;
};

}  // namespace pipedit::executor
