#include "cli/inputs.h"

#include <fmt/format.h>

#include "cli/configs.h"
#include "cli/options.h"
#include "cli/quantities.h"
#include "core/error.h"

namespace pipedit::cli {

namespace {

constexpr std::int64_t kMostRanks = 64;
constexpr int kMostPlanned = 24;  // ranks; the ways to cut more of them into pipelines take minutes to list

// "/frames: expected .." as the user wrote it: "--frames: expected ..".
std::string as_option(std::string message) {
  constexpr std::pair<std::string_view, std::string_view> keys[] = {{"/width", "--size: width"},
                                                                    {"/height", "--size: height"},
                                                                    {"/frames", "--frames"},
                                                                    {"/steps", "--steps"},
                                                                    {"/count", "--count"},
                                                                    {"/text_tokens", "--text-tokens"},
                                                                    {"/shapes/0/text_tokens", "--text-tokens"}};
  for (const auto& [key, option] : keys)
    if (message.starts_with(key)) return std::string(option) + message.substr(key.size());
  return message;
}

}  // namespace

void ModelInput::declare(Options& options) {
  options.input("--model", "M", model_, "model: a name (pipedit list models) or a file");
  options.required();
}

models::Model ModelInput::load() const { return load_model(model_); }

Cluster take_gpus(const Cluster& cluster, int count) try { return first_devices(cluster, count); } catch (Error& e) {
  e.add_context("--gpus");
  throw;
}

void ClusterInput::declare(Options& options) {
  options.input("--cluster", "C", cluster_, "cluster: a name (pipedit list clusters) or a file");
  options.required();
  options.integer("--gpus", "N", gpus_, 1, kMostRanks, "take the first N devices, of a CPU N ranks");
  options.integer("--ranks-per-gpu", "K", ranks_per_gpu_, 1, kMostRanks, "ranks on each device");
}

Cluster ClusterInput::load() const {
  Cluster cluster = load_cluster(cluster_);
  if (gpus_) cluster = take_gpus(cluster, static_cast<int>(*gpus_));
  cluster.ranks_per_device *= static_cast<int>(ranks_per_gpu_);
  if (cluster.ranks() > kMostPlanned)
    throw InputError(fmt::format("--cluster: {} has {} ranks, plans are searched for up to {} (see --gpus)",
                                 cluster.name, cluster.ranks(), kMostPlanned));
  return cluster;
}

void check_text_tokens(const Workload& workload, const models::Model& model) {
  for (std::size_t i = 0; i < workload.shapes.size(); ++i)
    if (const int tokens = workload.shapes[i].text_tokens; tokens > model.dit.text_len)
      throw InputError(fmt::format("/shapes/{}/text_tokens: {} takes at most {} text tokens, got {}", i, model.name,
                                   model.dit.text_len, tokens));
}

void WorkloadInput::declare(Options& options) {
  options.input("--workload", "W", workload_, "workload: a name (pipedit list workloads) or a file; or in place:");
  options.text("--size", "WxH", size_, "pixels of a video, multiples of 16");
  options.integer("--frames", "N", frames_, 1, kMostFrames, "frames of a video, 4k + 1");
  options.integer("--steps", "N", steps_, 1, kMostStepsOfOne, "denoising steps (default: the model's)");
  options.integer("--count", "N", count_, 1, kMostRequests, "requests, all there from the start (default: 1)");
  options.integer("--text-tokens", "N", text_tokens_, 1, kMostTextTokens,
                  "valid text tokens (default: the model's most)");
}

Workload WorkloadInput::load(const models::Model& model) const {
  const bool described = !size_.empty() || frames_ || steps_ || count_ || text_tokens_;
  if (!workload_.empty() && described)
    throw InputError("--workload: not beside --size, --frames, --steps, --count or --text-tokens");
  const Workload workload = workload_.empty() ? in_place(model) : load_workload(workload_);
  try {
    check_text_tokens(workload, model);
  } catch (const InputError& e) {
    throw InputError(workload_.empty() ? as_option(e.what()) : workload_ + ": " + e.what());
  }
  return workload;
}

Workload WorkloadInput::in_place(const models::Model& model) const {
  if (size_.empty()) throw InputError("--workload or --size is required");
  if (!frames_) throw InputError("--frames is required beside --size");
  const auto extent = parse_extent(size_);
  if (!extent) throw InputError(fmt::format("--size: expected WIDTHxHEIGHT such as 1280x720, got \"{}\"", size_));
  RequestShape shape;
  shape.width = extent->first;
  shape.height = extent->second;
  shape.frames = static_cast<int>(*frames_);
  shape.steps = static_cast<int>(steps_.value_or(model.sampler.steps));
  shape.text_tokens = static_cast<int>(text_tokens_.value_or(model.dit.text_len));
  try {
    return uniform_workload(shape, static_cast<int>(count_.value_or(1)));
  } catch (const InputError& e) {
    throw InputError(as_option(e.what()));
  }
}

}  // namespace pipedit::cli
