#include "program/lower/builder.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace pipedit::program::lowering {

BufferId BufferTable::add(Buffer buffer, int request_shape) {
  buffers_.push_back(std::move(buffer));
  request_shapes_.push_back(request_shape);
  return BufferId{static_cast<int>(buffers_.size()) - 1};
}

std::vector<BufferTable::Sizes> BufferTable::place(int ranks) {
  std::vector<Sizes> base(static_cast<std::size_t>(ranks)), peak = base;
  const auto end_of = [](Sizes& sizes, Place place) -> Bytes& {
    return place == Place::device ? sizes.device : sizes.pinned;
  };
  for (Buffer& buffer : buffers_) {
    if (buffer.phase != Phase::always) continue;
    Bytes& end = end_of(base[index(buffer.rank)], buffer.place);
    buffer.offset = end;
    end += buffer.extent.size() * buffer.copies;
  }
  peak = base;
  std::map<std::tuple<Rank, Phase, int>, Sizes> groups;
  for (std::size_t i = 0; i < buffers_.size(); ++i) {
    Buffer& buffer = buffers_[i];
    if (buffer.phase == Phase::always) continue;
    Sizes& group =
        groups.try_emplace({buffer.rank, buffer.phase, request_shapes_[i]}, base[index(buffer.rank)]).first->second;
    Bytes& end = end_of(group, buffer.place);
    buffer.offset = end;
    end += buffer.extent.size() * buffer.copies;
    Bytes& highest = end_of(peak[index(buffer.rank)], buffer.place);
    highest = std::max(highest, end);
  }
  return peak;
}

TaskId SegmentBuilder::add(Task task) {
  segment_.tasks.push_back(std::move(task));
  return TaskId{static_cast<int>(segment_.tasks.size()) - 1};
}

std::optional<ExchangeId> SegmentBuilder::exchange(Exchange exchange, Payload payload, const std::vector<Rank>& ranks,
                                                   const Ready& ready, Lane lane, int chunk, int group) {
  if (exchange.parts.empty()) return std::nullopt;
  const ExchangeId id{static_cast<int>(segment_.exchanges.size())};
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    const auto sends = [&](const Part& part) { return part.from == ranks[i]; };
    const auto takes_part = [&](const Part& part) { return part.from == ranks[i] || part.to == ranks[i]; };
    if (std::none_of(exchange.parts.begin(), exchange.parts.end(), takes_part)) continue;
    Task task{.kind = OpKind::exchange,
              .chunk = chunk,
              .group = group,
              .rank = ranks[i],
              .lane = lane,
              .shape = ExchangeShape{id, payload},
              .reads = {},
              .writes = {},
              .waits = {}};
    if (std::any_of(exchange.parts.begin(), exchange.parts.end(), sends) && i < ready.by_member.size() &&
        ready.by_member[i])
      task.waits.push_back(TaskDone{*ready.by_member[i]});
    add(std::move(task));
  }
  segment_.exchanges.push_back(std::move(exchange));
  return id;
}

void SegmentBuilder::wait_for_arrival(std::vector<Wait>& waits, std::optional<ExchangeId> id, Rank rank) const {
  if (!id) return;
  const std::vector<Part>& parts = segment_.exchanges[index(*id)].parts;
  if (std::any_of(parts.begin(), parts.end(), [&](const Part& part) { return part.to == rank; }))
    waits.push_back(Arrived{*id});
}

}  // namespace pipedit::program::lowering
