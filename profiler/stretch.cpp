#include "profiler/stretch.h"

#include <algorithm>
#include <map>
#include <set>

#include "program/op_cost.h"

namespace pipedit::profiler {

using namespace program;

std::vector<PointKey> points_of(const Program& program, const Segment& segment, const Task& task) {
  if (task.kind == OpKind::write_frames || task.kind == OpKind::save_latent) return {};
  if (task.kind != OpKind::exchange) {
    OpCost cost = op_cost(program, task);
    return {{std::move(cost.kind), std::move(cost.dims)}};
  }
  std::vector<PointKey> points;
  const Exchange& exchange = segment.exchanges[index(std::get<ExchangeShape>(task.shape).exchange)];
  for (const Part& part : exchange.parts) {
    if (part.from != task.rank) continue;
    OpCost cost = part_cost(program, exchange.transport, part);
    points.push_back({std::move(cost.kind), std::move(cost.dims)});
  }
  return points;
}

namespace {

// How often each segment is called with a block.
std::map<SegmentId, int> blocks_of(const Program& program) {
  std::map<SegmentId, int> blocks;
  for (const Actor& actor : program.actors)
    for (const auto& script : actor.scripts)
      for (const Unit& unit : script)
        for (const Alternative& alternative : unit.alternatives)
          for (const Call& call : alternative.calls) blocks[call.segment] = call.blocks;
  return blocks;
}

void add_stretches(const Program& program, std::vector<Stretch>& stretches) {
  for (const auto& [id, blocks] : blocks_of(program)) {
    const Segment& segment = program.segment(id);
    std::map<Rank, std::set<PointKey>> points;
    for (const Task& task : segment.tasks)
      for (PointKey& point : points_of(program, segment, task)) points[task.rank].insert(std::move(point));
    for (const auto& [rank, own] : points)
      stretches.push_back({&program, &segment, blocks, rank, {own.begin(), own.end()}});
  }
}

}  // namespace

std::vector<Stretch> stretches_of(std::span<const Program> programs) {
  std::vector<Stretch> all, chosen;
  for (const Program& program : programs) add_stretches(program, all);
  std::stable_sort(all.begin(), all.end(),
                   [](const Stretch& a, const Stretch& b) { return a.points.size() > b.points.size(); });
  std::set<PointKey> held;
  for (Stretch& stretch : all) {
    const std::size_t before = held.size();
    held.insert(stretch.points.begin(), stretch.points.end());
    if (held.size() > before) chosen.push_back(std::move(stretch));
  }
  return chosen;
}

}  // namespace pipedit::profiler
