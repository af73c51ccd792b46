#include "core/plan.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.h"

namespace pipedit {

namespace {

[[noreturn]] void refuse(const std::string& key, const std::string& message) {
  throw InputError(fmt::format("{}: {}", key, message));
}

void check_range(const std::string& key, int value, int low, int high) {
  if (value < low || value > high) refuse(key, fmt::format("expected {} to {}, got {}", low, high, value));
}

// Marks the group's ranks as used.
void check_group(const std::string& key, const std::vector<Rank>& group, const Cluster& cluster, std::set<Rank>& used) {
  if (group.empty()) refuse(key, "expected at least one rank");
  for (const Rank rank : group) {
    const int ranks = cluster.ranks();
    if (static_cast<int>(rank) < 0 || static_cast<int>(rank) >= ranks)
      refuse(key, fmt::format("there is no rank {}: cluster {} has {}", static_cast<int>(rank), cluster.name, ranks));
    if (!used.insert(rank).second) refuse(key, fmt::format("rank {} is used twice", index(rank)));
  }
}

// Two orders of the same ranks are two groups of the same ranks: neither equal nor disjoint.
void check_groups(const std::string& key, const Pipeline& pipeline, const Cluster& cluster, std::set<Rank>& used) {
  check_group(key + "/denoise", pipeline.denoise, cluster, used);
  if (pipeline.colocated()) return;
  for (const Rank rank : pipeline.decode)
    if (std::find(pipeline.denoise.begin(), pipeline.denoise.end(), rank) != pipeline.denoise.end())
      refuse(key + "/decode", fmt::format("rank {} also denoises: the groups must be equal or disjoint", index(rank)));
  check_group(key + "/decode", pipeline.decode, cluster, used);
}

void check_sequence_parallel(const std::string& key, const Pipeline& pipeline) {
  const auto ranks = static_cast<int>(pipeline.denoise.size());
  check_range(key + "/cfg", pipeline.cfg, 1, 2);
  check_range(key + "/ring", pipeline.ring, 1, ranks);
  if (ranks % (pipeline.ring * pipeline.cfg) != 0)
    refuse(key + "/ring", fmt::format("{} denoising ranks are not a multiple of ring {} x cfg {}", ranks, pipeline.ring,
                                      pipeline.cfg));
}

void check_pipeline(const std::string& key, const Pipeline& pipeline, const Cluster& cluster, std::set<Rank>& used) {
  check_groups(key, pipeline, cluster, used);
  check_sequence_parallel(key, pipeline);
  for (std::size_t i = 0; i < pipeline.chunks.size(); ++i)
    check_range(fmt::format("{}/chunks/{}", key, i), pipeline.chunks[i], 1, 1024);
  check_range(key + "/row_groups", pipeline.row_groups, 1, 16);
  check_range(key + "/lent_heads", pipeline.lent_heads, 0, 1024);
  if (pipeline.colocated() && pipeline.lent_heads > 0)
    refuse(key + "/lent_heads", "a co-located pipeline has no decoding ranks to lend to");
  check_range(key + "/latent_slots", pipeline.latent_slots, 1, 64);
}

std::string groups(const Pipeline& pipeline) {
  const std::size_t denoise = pipeline.denoise.size();
  if (!pipeline.colocated()) return fmt::format("{} denoise + {} decode", denoise, pipeline.decode.size());
  return fmt::format("{} rank{}", denoise, denoise == 1 ? "" : "s");
}

// What differs from a plain pipeline.
std::string describe(const Pipeline& pipeline) {
  std::string text = groups(pipeline);
  if (pipeline.ring > 1) text += fmt::format(", ring {}", pipeline.ring);
  if (pipeline.cfg > 1) text += fmt::format(", cfg {}", pipeline.cfg);
  if (pipeline.chunks.size() > 1) text += fmt::format(", chunks {}", fmt::join(pipeline.chunks, ","));
  if (pipeline.row_groups > 1) text += fmt::format(", rows {}", pipeline.row_groups);
  if (!pipeline.fill) text += ", no fill";
  if (pipeline.lent_heads > 0)
    text += fmt::format(", lends {} head{}", pipeline.lent_heads, pipeline.lent_heads == 1 ? "" : "s");
  if (pipeline.memory == Memory::offload) text += ", offload";
  return text;
}

}  // namespace

void check(const Plan& plan, const Cluster& cluster) {
  constexpr std::string_view kKernels[] = {"auto", "cpu", "fa3", "cudnn", "fa2"};
  if (std::ranges::find(kKernels, plan.attention) == std::end(kKernels))
    refuse("/attention", fmt::format("expected {}, got \"{}\"", fmt::join(kKernels, ", "), plan.attention));
  if (plan.pipelines.empty()) refuse("/pipelines", "expected at least one pipeline");
  std::set<Rank> used;
  for (std::size_t i = 0; i < plan.pipelines.size(); ++i)
    check_pipeline(fmt::format("/pipelines/{}", i), plan.pipelines[i], cluster, used);
}

std::string describe(const Plan& plan) {
  std::string text = plan.name + ":";
  const auto& pipelines = plan.pipelines;
  for (auto first = pipelines.begin(); first != pipelines.end();) {
    const std::string words = describe(*first);
    const auto last = std::find_if(first, pipelines.end(), [&](const Pipeline& p) { return describe(p) != words; });
    text += first == pipelines.begin() ? " " : " | ";
    text += last - first > 1 ? fmt::format("{} x ({})", last - first, words) : words;
    first = last;
  }
  return text;
}

}  // namespace pipedit
