#include <benchmark/benchmark.h>

#include "models/model_json.h"
#include "program/lower/lower.h"
#include "program/verify/verify.h"

// What verifying a full-size program takes: HunyuanVideo at 1280x720, 129 frames, on eight ranks.
namespace pipedit {
namespace {

Cluster eight_gpus() {
  Cluster cluster;
  cluster.name = "eight";
  cluster.devices.assign(8, {.name = "gpu", .memory = Bytes{141'000'000'000}, .reserved = {}, .rates = {}});
  return cluster;
}

Plan plan_of(int denoise, int row_groups, int lent_heads, Transport transport) {
  Pipeline pipeline;
  for (int rank = 0; rank < 8; ++rank) (rank < denoise ? pipeline.denoise : pipeline.decode).push_back(Rank{rank});
  if (pipeline.decode.empty()) pipeline.decode = pipeline.denoise;
  pipeline.chunks = {2, 1};
  pipeline.row_groups = row_groups;
  pipeline.lent_heads = lent_heads;
  return {.name = "bench", .pipelines = {pipeline}, .transport = transport};
}

void verify_plan(benchmark::State& state, int denoise, int row_groups, int lent_heads, Transport transport) {
  const models::Model model = models::read_model(PIPEDIT_SOURCE_DIR "/configs/models/hunyuanvideo.json");
  const RequestShape shape{.width = 1280, .height = 720, .frames = 129, .steps = 50, .text_tokens = 256};
  const Cluster cluster = eight_gpus();
  const program::Program program =
      program::lower(model, cluster, uniform_workload(shape, 10), plan_of(denoise, row_groups, lent_heads, transport));
  for (auto _ : state) {
    const auto faults = program::verify(program, cluster);
    if (!faults.empty()) state.SkipWithError(faults.front().message.c_str());
  }
}

BENCHMARK_CAPTURE(verify_plan, pipesp_8, 8, 2, 0, Transport::peer)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(verify_plan, pipesp_8_nccl, 8, 2, 0, Transport::nccl)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(verify_plan, dedivae_aco_5_3, 5, 2, 2, Transport::peer)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace pipedit
