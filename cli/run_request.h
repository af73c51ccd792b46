#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/timeline.h"
#include "core/units.h"

// What passes between the program and the module that holds LibTorch.
namespace pipedit::cli {

struct RunRequest {
  std::filesystem::path plan;  // empty: goes on with what `folder` holds
  std::filesystem::path folder;
  std::string device;  // "cpu" or "cuda"; empty: what the plan is for
  std::optional<std::filesystem::path> weights, embeddings;
  std::optional<std::uint64_t> random_weights, random_embeddings;  // seeds
  std::uint64_t seed = 0;
  bool keep_latents = false;
  std::string ffmpeg;                       // empty: that of the path, else the one found at set-up
  std::filesystem::path fa3_library;        // of FlashAttention-3; empty: the one beside LibTorch, if there is one
  const std::atomic<bool>* stop = nullptr;  // set: the run ends in seconds
};

// What the memory of one device held at most in a run.
struct MemoryUse {
  std::string device;  // "GPU 0"
  Bytes predicted, measured;
  Bytes by_driver = {};  // as the driver counted it meanwhile, other processes included; 0: it does not say
  std::vector<std::pair<std::string, Bytes>> parts;  // of what was measured
};

struct RunAnswer {
  Timeline measured;                          // of what was run now
  std::vector<int> numbers;                   // by request of it: its number in the whole job
  std::vector<std::filesystem::path> videos;  // likewise
  int finished_before = 0;                    // requests that an earlier run finished
  std::vector<MemoryUse> memory;              // by device
};

// What lib/libpipedit_run.so exports.
using RunFunction = void (*)(const RunRequest&, RunAnswer&);
inline constexpr const char* kRunSymbol = "pipedit_run";

}  // namespace pipedit::cli
