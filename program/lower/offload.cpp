#include "program/lower/offload.h"

namespace pipedit::program::lowering {

Segment lower_load(const Context& context, BufferTable& table, const std::vector<Rank>& ranks, std::string name,
                   Phase phase, Bytes size) {
  SegmentBuilder builder(std::move(name), "");
  for (const Rank rank : ranks) {
    const Extent extent{.rows = 1, .elements = size.value, .type = DType::u8};
    const BufferId weights = table.add({.role = phase == Phase::denoise ? "transformer weights" : "decoder weights",
                                        .rank = rank,
                                        .extent = extent,
                                        .phase = phase,
                                        .offset = {}},
                                       context.request_shape);
    builder.add({.kind = OpKind::load_weights,
                 .rank = rank,
                 .lane = Lane::copy,
                 .shape = LoadShape{size},
                 .reads = {},
                 .writes = {region(weights, {0, 1})},
                 .waits = {}});
  }
  return builder.take();
}

}  // namespace pipedit::program::lowering
