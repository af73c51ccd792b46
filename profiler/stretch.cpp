#include "profiler/stretch.h"

#include <algorithm>
#include <map>
#include <ranges>
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

using Calls = std::vector<Call>;

struct Timed {
  Calls calls;
  UnitKind kind;
};

// Each alternative of a step, behind what begins the request or not; every other unit on its own.
std::vector<Timed> calls_of(const std::vector<Unit>& script, Begin begins) {
  std::vector<Timed> all;
  Calls begin;
  for (const Unit& unit : script)
    for (const Alternative& alternative : unit.alternatives) {
      Calls calls = unit.kind == UnitKind::step ? begin : Calls{};
      calls.insert(calls.end(), alternative.calls.begin(), alternative.calls.end());
      if (unit.kind == UnitKind::begin && begins == Begin::before_steps)
        begin = std::move(calls);
      else
        all.push_back({std::move(calls), unit.kind});
    }
  return all;
}

using PointsOfRanks = std::map<Rank, std::set<PointKey>>;

void add_points(const Program& program, const Call& call, bool exchanges, PointsOfRanks& points) {
  const Segment& segment = program.segment(call.segment);
  for (const Task& task : segment.tasks)
    if (exchanges || task.kind != OpKind::exchange)
      for (PointKey& point : points_of(program, segment, task)) points[task.rank].insert(std::move(point));
}

void add_stretches(const Program& program, const Calls& calls, bool exchanges, std::vector<Stretch>& stretches) {
  PointsOfRanks points;
  for (const Call& call : calls) add_points(program, call, exchanges, points);
  for (const auto& [rank, own] : points)
    stretches.push_back({&program, calls, rank, {own.begin(), own.end()}, {}, exchanges});
}

void add_stretches(const Program& program, Exchanges exchanges, Begin begins, std::vector<Stretch>& stretches) {
  for (const Actor& actor : program.actors)
    for (const auto& script : actor.scripts)
      for (const auto& [calls, kind] : calls_of(script, begins))
        add_stretches(program, calls, exchanges == Exchanges::all || kind == UnitKind::decode, stretches);
}

template <class IsKept>
void keep_points(Stretch& stretch, IsKept is_kept) {
  for (std::vector<PointKey>* points : {&stretch.points, &stretch.wanted})
    std::erase_if(*points, [&](const PointKey& point) { return !is_kept(point); });
}

}  // namespace

std::vector<Stretch> every_stretch(std::span<const Program> programs, Exchanges exchanges, Begin begins) {
  std::vector<Stretch> all;
  for (const Program& program : programs) add_stretches(program, exchanges, begins, all);
  return all;
}

bool only_moves(const PointKey& point) {
  return point.kind.starts_with("exchange.") || point.kind == name_of(OpKind::keep_outputs) ||
         point.kind == name_of(OpKind::scheduler_step) || point.kind == name_of(OpKind::draw_noise);
}

bool runs(const Stretch& stretch, OpKind kind, const PointKey& point) {
  if (!stretch.exchanges && kind == OpKind::exchange) return false;
  if (stretch.only && *stretch.only != kind) return false;
  return !std::binary_search(stretch.left_out.begin(), stretch.left_out.end(), point);
}

Stretch calls_of_wanted(Stretch stretch) {
  std::set<PointKey> open(stretch.wanted.begin(), stretch.wanted.end()), held;
  Calls kept;
  for (const Call& call : stretch.calls | std::views::reverse) {
    PointsOfRanks points;
    add_points(*stretch.program, call, stretch.exchanges, points);
    const auto closes = [&](const PointKey& point) { return open.erase(point) > 0; };
    if (std::ranges::count_if(points[stretch.rank], closes) == 0) continue;
    held.merge(points[stretch.rank]);
    kept.insert(kept.begin(), call);
  }
  stretch.calls = std::move(kept);
  keep_points(stretch, [&](const PointKey& point) { return held.contains(point); });
  return stretch;
}

void run_tiles_once(std::vector<Stretch>& stretches) {
  constexpr int kTiles = 3;
  std::set<PointKey> held;
  for (Stretch& stretch : stretches) {
    stretch.left_out.assign(held.begin(), held.end());
    stretch.most = kTiles;
    for (const PointKey& point : stretch.points)
      if (point.kind == name_of(OpKind::decode_tile)) held.insert(point);
    keep_points(stretch, [&](const PointKey& point) {
      return !std::binary_search(stretch.left_out.begin(), stretch.left_out.end(), point);
    });
  }
}

Stretch only_of(const Stretch& stretch, OpKind kind) {
  Stretch part = stretch;
  part.only = kind;
  keep_points(part, [&](const PointKey& point) {
    if (kind != OpKind::exchange) return point.kind == name_of(kind);
    return point.kind.starts_with("exchange.") && point.kind != "exchange.local";
  });
  return part;
}

}  // namespace pipedit::profiler
