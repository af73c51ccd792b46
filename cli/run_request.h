#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/timeline.h"

// What passes between the program and the module that holds LibTorch.
namespace pipedit::cli {

struct RunRequest {
  std::filesystem::path plan;  // empty: goes on with what `folder` holds
  std::filesystem::path folder;
  std::string device = "cpu";
  std::optional<std::filesystem::path> weights, embeddings;
  std::optional<std::uint64_t> random_weights, random_embeddings;  // seeds
  std::uint64_t seed = 0;
  bool keep_latents = false;
  std::string ffmpeg;                       // empty: that of the path, else the one found at set-up
  const std::atomic<bool>* stop = nullptr;  // set: the run ends in seconds
};

struct RunAnswer {
  Timeline measured;                          // of what was run now
  std::vector<int> numbers;                   // by request of it: its number in the whole job
  std::vector<std::filesystem::path> videos;  // likewise
  int finished_before = 0;                    // requests that an earlier run finished
};

// What lib/libpipedit_run.so exports.
using RunFunction = void (*)(const RunRequest&, RunAnswer&);
inline constexpr const char* kRunSymbol = "pipedit_run";

}  // namespace pipedit::cli
