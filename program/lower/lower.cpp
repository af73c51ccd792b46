#include "program/lower/lower.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/error.h"
#include "program/lower/memory.h"
#include "program/lower/pipeline.h"

namespace pipedit::program {

namespace {

void check_goes_together(const models::Model& model, const Pipeline& pipeline, int number) {
  const auto fail = [&](const char* key, const std::string& why) {
    throw InputError(fmt::format("/pipelines/{}/{}: {}", number, key, why));
  };
  if (pipeline.ring != 1) fail("ring", "ring attention is not there yet");
  if (pipeline.cfg != 1) fail("cfg", "CFG-parallel is not there yet");
  const std::int64_t lent =
      static_cast<std::int64_t>(pipeline.lent_heads) * static_cast<std::int64_t>(pipeline.decode.size());
  const std::int64_t heads = model.dit.num_heads;
  if (lent >= heads)
    fail("lent_heads",
         fmt::format("{} heads are lent and the model has {}: the denoising ranks would have none", lent, heads));
}

// A shape of 0 steps is that of requests which come with their latents; no workload file may say so.
void check_but_steps(Workload workload) {
  for (RequestShape& shape : workload.shapes) shape.steps = std::max(shape.steps, 1);
  check(workload);
}

}  // namespace

Program lower(const models::Model& model, const Cluster& cluster, const Workload& workload, const Plan& plan) {
  check(plan, cluster);
  check_but_steps(workload);
  Program program;
  program.plan = plan.name;
  for (int rank = 0; rank < cluster.ranks(); ++rank) program.devices.push_back(cluster.device_of(Rank{rank}));
  lowering::BufferTable table;
  std::vector<Bytes> weights(static_cast<std::size_t>(cluster.ranks()));
  const lowering::WeightBytes bytes = lowering::weight_bytes(model);
  for (std::size_t i = 0; i < plan.pipelines.size(); ++i) {
    check_goes_together(model, plan.pipelines[i], static_cast<int>(i));
    lowering::lower_pipeline(model, bytes, cluster, workload, plan, static_cast<int>(i), program, table, weights);
  }
  const auto sizes = table.place(cluster.ranks());
  program.buffers = table.buffers();
  for (const Request& request : workload.requests) {
    program.request_shapes.push_back(request.shape);
    program.arrivals.push_back(request.arrival);
  }
  lowering::account_memory(program, sizes, weights, cluster.devices.front().kind);
  return program;
}

}  // namespace pipedit::program
