#include "tests/program/plans.h"

#include <fmt/format.h>

#include "models/model_json.h"

namespace pipedit::tests {

namespace {

Pipeline pipeline_of(const PlanShape& shape, int first) {
  Pipeline pipeline;
  for (int rank = 0; rank < shape.denoise; ++rank) pipeline.denoise.push_back(Rank{first + rank});
  for (int rank = 0; rank < shape.decode; ++rank) pipeline.decode.push_back(Rank{first + shape.denoise + rank});
  if (shape.decode == 0) pipeline.decode = pipeline.denoise;
  pipeline.chunks = shape.chunks;
  pipeline.row_groups = shape.row_groups;
  pipeline.fill = shape.fill;
  pipeline.lent_heads = shape.lent_heads;
  pipeline.memory = shape.memory;
  return pipeline;
}

}  // namespace

Plan plan(const PlanShape& shape) {
  Plan plan{.name = "test", .pipelines = {}, .transport = shape.transport};
  for (int replica = 0; replica < shape.replicas; ++replica)
    plan.pipelines.push_back(pipeline_of(shape, replica * (shape.denoise + shape.decode)));
  return plan;
}

models::Model model(const std::string& name) {
  return models::read_model(fmt::format("{}/configs/models/{}.json", PIPEDIT_SOURCE_DIR, name));
}

Cluster cluster(int ranks, DeviceKind kind) {
  Cluster cluster;
  cluster.name = "test";
  const bool gpu = kind == DeviceKind::gpu;
  Device device{.name = gpu ? "gpu" : "cpu",
                .kind = kind,
                .slots = gpu ? 1 : 2,
                .memory = Bytes{80'000'000'000},
                .reserved = {},
                .rates = {}};
  cluster.devices.assign(gpu ? static_cast<std::size_t>(ranks) : 1, device);
  cluster.ranks_per_device = gpu ? 1 : ranks;
  cluster.transport = gpu ? Transport::peer : Transport::host;
  for (int i = 0; gpu && i < ranks; ++i)
    cluster.links.push_back({fmt::format("gpu{}", i), "switch", BytesPerSecond{450e9}, Nanos{1000}});
  return cluster;
}

}  // namespace pipedit::tests
