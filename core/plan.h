#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/cluster.h"
#include "core/ids.h"

namespace pipedit {

enum class Memory { resident, offload };  // weights stay on the device, or come from pinned memory per stage

// One pipeline: a denoising group and a decoding group; the same ranks (co-located) or disjoint ones (DeDiVAE).
struct Pipeline {
  std::vector<Rank> denoise;
  std::vector<Rank> decode;
  int ring = 1;  // ring x ulysses x cfg = denoise.size(); ring and cfg above 1 are not lowered yet
  int cfg = 1;
  std::vector<int> chunks;  // PipeSP: items (heads, then the piece) per output chunk; empty = one chunk, off
  int row_groups = 1;       // PipeSP: groups of query rows whose finished rows go home while the next is computed
  bool fill = true;         // GEMMs that do not depend on attention stand where transfers would be exposed
  int lent_heads = 0;       // Aco: heads that each decoding rank takes while it has nothing to decode; 0 = off
  Memory memory = Memory::resident;
  int latent_slots = 2;  // finished latents that wait at the decoding group
  friend bool operator==(const Pipeline&, const Pipeline&) = default;

  bool colocated() const { return denoise == decode; }
};

// Replicas are several pipelines over disjoint ranks; one queue feeds them.
struct Plan {
  std::string name;  // family: "dedivae_pipesp_aco"
  std::vector<Pipeline> pipelines;
  Transport transport = Transport::peer;
  std::string attention = "auto";  // kernel: "cpu", "fa3", "cudnn", "fa2"; "auto" = the only one
  friend bool operator==(const Plan&, const Plan&) = default;
};

// Throws InputError, naming the key, when a plan is not legal on its own: empty or overlapping groups, ranks used
// twice, groups that are neither equal nor disjoint, ring x cfg that does not divide the group, chunks below one, row
// groups other than 1 to 16, lent heads in a co-located pipeline, or more ranks than the cluster has.
void check(const Plan&, const Cluster&);

// In a word: "dedivae_pipesp_aco: 5 denoise + 3 decode, chunks 2,1, rows 2, lends 3 heads". Equal pipelines in a row
// are counted, others stand apart: "data_parallel: 2 x (1 rank) | 6 ranks".
std::string describe(const Plan&);

// The bare object, without a header; core/plan_json.h is for the plan file around it. Throws InputError naming the key;
// what depends on the cluster is left to check().
Plan parse_plan(std::string_view text);
std::string write_plan(const Plan&);

}  // namespace pipedit
