#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/cluster.h"
#include "core/workload.h"
#include "models/model.h"

// Options that several commands share, and what they name.
namespace pipedit::cli {

class Options;

class ModelInput {
 public:
  void declare(Options&);
  models::Model load() const;

 private:
  std::string model_;
};

// The first devices of the cluster, as --gpus asks for; of a CPU so many ranks.
Cluster take_gpus(const Cluster&, int count);

class ClusterInput {
 public:
  void declare(Options&);
  Cluster load() const;

 private:
  std::string cluster_;
  std::optional<std::int64_t> gpus_;
  std::int64_t ranks_per_gpu_ = 1;
};

// Throws InputError, naming the key ("/shapes/0/text_tokens"), for more text tokens than the model takes.
void check_text_tokens(const Workload&, const models::Model&);

// A workload by name or file, or in place: --size and --frames, and what else differs from the defaults.
class WorkloadInput {
 public:
  void declare(Options&);
  Workload load(const models::Model&) const;

 private:
  Workload in_place(const models::Model&) const;

  std::string workload_, size_;
  std::optional<std::int64_t> frames_, steps_, text_tokens_, count_;
};

}  // namespace pipedit::cli
