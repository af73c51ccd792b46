#include "program/program.h"

#include <algorithm>
#include <map>
#include <type_traits>

#include <fmt/format.h>

namespace pipedit::program {

namespace {

constexpr std::int64_t kAlignment = 256;

std::int64_t align_up(std::int64_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

constexpr std::string_view kLaneNames[kLanes] = {"compute", "send", "hand", "copy", "writer"};
constexpr std::string_view kPayloadNames[] = {"v", "k", "q", "o", "latent", "tile"};

}  // namespace

std::string_view name_of(Lane lane) { return kLaneNames[static_cast<int>(lane)]; }
std::string_view name_of(Payload payload) { return kPayloadNames[static_cast<int>(payload)]; }

std::int64_t size_of(DType type) {
  switch (type) {
    case DType::f32:
      return 4;
    case DType::bf16:
      return 2;
    case DType::u8:
      return 1;
    case DType::i64:
      return 8;
  }
  return 0;
}

Bytes Extent::slot_stride() const {
  return layout == Layout::slot_major ? Bytes{align_up(rows * row_bytes().value)} : row_bytes();
}

Bytes Extent::row_stride() const { return layout == Layout::slot_major ? row_bytes() : row_bytes() * slots; }

Bytes Extent::size() const {
  return Bytes{align_up(layout == Layout::slot_major ? slots * slot_stride().value : rows * row_stride().value)};
}

std::string label(const Task& task) {
  std::string text(name_of(task.kind));
  if (const auto* exchange = std::get_if<ExchangeShape>(&task.shape))
    text += fmt::format("_{}", name_of(exchange->payload));
  if (task.stream != Stream::joint) text += fmt::format(".{}", name_of(task.stream));
  if (task.chunk >= 0 && task.group >= 0) return text + fmt::format("[{},{}]", task.chunk, task.group);
  if (task.chunk >= 0) return text + fmt::format("[{}]", task.chunk);
  return text;
}

Reading reading_of(Transport transport) {
  return transport == Transport::nccl || transport == Transport::staged ? Reading::rendezvous : Reading::in_turn;
}

Bytes device_peak(const Program& program, DeviceId device) {
  Bytes peak, weights;
  for (int rank = 0; rank < program.ranks(); ++rank) {
    if (program.devices[static_cast<std::size_t>(rank)] != device) continue;
    const RankMemory& memory = program.memory[static_cast<std::size_t>(rank)];
    peak += memory.device() - memory.weights;
    weights = std::max(weights, memory.weights);
  }
  return peak + weights;
}

Bytes bytes_of(const Program& program, const Region& region) {
  return program.buffer(region.buffer).extent.row_bytes() * (region.slots.size() * region.rows.size());
}

}  // namespace pipedit::program
