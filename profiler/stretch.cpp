#include "profiler/stretch.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
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

void add_stretches(const Program& program, const Calls& calls, bool exchanges, std::vector<Stretch>& stretches) {
  std::map<Rank, std::set<PointKey>> points;
  for (const Call& call : calls) {
    const Segment& segment = program.segment(call.segment);
    for (const Task& task : segment.tasks)
      if (exchanges || task.kind != OpKind::exchange)
        for (PointKey& point : points_of(program, segment, task)) points[task.rank].insert(std::move(point));
  }
  for (const auto& [rank, own] : points)
    stretches.push_back({&program, calls, rank, {own.begin(), own.end()}, {}, exchanges});
}

void add_stretches(const Program& program, Exchanges exchanges, Begin begins, std::vector<Stretch>& stretches) {
  for (const Actor& actor : program.actors)
    for (const auto& script : actor.scripts)
      for (const auto& [calls, kind] : calls_of(script, begins))
        add_stretches(program, calls, exchanges == Exchanges::all || kind == UnitKind::decode, stretches);
}

// What takes as long as the bytes of its first size do.
bool only_moves(const std::string& kind) {
  return kind.starts_with("exchange.") || kind == name_of(OpKind::keep_outputs) ||
         kind == name_of(OpKind::scheduler_step);
}

bool near(const PointKey& a, const PointKey& b) {
  const double apart = only_moves(a.kind) ? 0.2 : 0.01;
  return std::ranges::equal(a.dims, b.dims, [&](std::int64_t x, std::int64_t y) {
    return static_cast<double>(std::abs(x - y)) <= apart * static_cast<double>(std::max(x, y));
  });
}

// Points that are still to be held, and which of them stretches hold.
class Missing {
 public:
  Missing(const std::vector<Stretch>& stretches, Spacing spacing) : spacing_(spacing) {
    for (const Stretch& stretch : stretches) missing_.insert(stretch.points.begin(), stretch.points.end());
    for (const PointKey& point : missing_)
      for (std::size_t i = 0; i < point.dims.size(); ++i) keep_the_ends(point, i);
    for (const auto& [kind, ends] : ends_) extremes_.insert({ends.first, ends.second});
  }

  std::vector<PointKey> of(const Stretch& stretch) const {
    std::vector<PointKey> missing;
    std::ranges::copy_if(stretch.points, std::back_inserter(missing),
                         [&](const auto& p) { return missing_.contains(p); });
    return missing;
  }

  // Of the missing ones that it holds, those that are to be known for it to have done its part.
  std::vector<PointKey> take(const Stretch& stretch) {
    if (spacing_ == Spacing::apart) return take_apart(of(stretch));
    for (const PointKey& point : stretch.points) missing_.erase(point);
    return stretch.points;
  }

 private:
  std::vector<PointKey> take_apart(const std::vector<PointKey>& candidates) {
    std::vector<PointKey> taken;
    for (const PointKey& point : candidates) {
      if (!missing_.contains(point)) continue;  // near one that was taken before it
      taken.push_back(point);
      std::erase_if(missing_, [&](const PointKey& other) {
        return other == point || (other.kind == point.kind && near(other, point) && !extremes_.contains(other));
      });
    }
    return taken;
  }

  // Beyond the smallest and the largest of a size nothing follows from others.
  void keep_the_ends(const PointKey& point, std::size_t size) {
    auto& [low, high] = ends_.try_emplace({point.kind, size}, point, point).first->second;
    if (point.dims[size] < low.dims[size]) low = point;
    if (point.dims[size] > high.dims[size]) high = point;
  }

  Spacing spacing_;
  std::set<PointKey> missing_, extremes_;
  std::map<std::pair<std::string, std::size_t>, std::pair<PointKey, PointKey>> ends_;  // by kind and size
};

template <class IsKept>
void keep_points(Stretch& stretch, IsKept is_kept) {
  for (std::vector<PointKey>* points : {&stretch.points, &stretch.wanted})
    std::erase_if(*points, [&](const PointKey& point) { return !is_kept(point); });
}

}  // namespace

std::vector<Stretch> stretches_of(std::span<const Program> programs, Exchanges exchanges, Begin begins,
                                  Spacing spacing) {
  std::vector<Stretch> all;
  for (const Program& program : programs) add_stretches(program, exchanges, begins, all);
  return that_add_points(std::move(all), spacing);
}

// What a stretch adds only falls while others are taken, so that one count anew settles it for the first of the list.
std::vector<Stretch> that_add_points(std::vector<Stretch> all, Spacing spacing) {
  Missing missing(all, spacing);
  std::vector<std::size_t> adds;
  for (const Stretch& stretch : all) adds.push_back(stretch.points.size());
  std::vector<Stretch> chosen;
  while (true) {
    const auto most = std::ranges::max_element(adds);
    if (most == adds.end() || *most == 0) return chosen;
    Stretch& next = all[static_cast<std::size_t>(most - adds.begin())];
    if (const std::size_t now = missing.of(next).size(); now < *most) {
      *most = now;
      continue;
    }
    next.wanted = missing.take(next);
    chosen.push_back(std::move(next));
    *most = 0;
  }
}

bool runs(const Stretch& stretch, OpKind kind, const PointKey& point) {
  if (!stretch.exchanges && kind == OpKind::exchange) return false;
  if (stretch.only && *stretch.only != kind) return false;
  return !std::binary_search(stretch.left_out.begin(), stretch.left_out.end(), point);
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
