#include "profiler/points.h"

#include <map>

#include "program/op_cost.h"

namespace pipedit::profiler {

using namespace program;

namespace {

class Collector {
 public:
  void add(const Program& program) {
    for (const Segment& segment : program.segments)
      for (const Task& task : segment.tasks) add(program, segment, task);
  }

  std::vector<Point> points() const {
    std::vector<Point> points;
    for (const auto& [key, point] : found_) points.push_back(point);
    return points;
  }

 private:
  void add(const Program& program, const Segment& segment, const Task& task) {
    if (task.kind == OpKind::write_frames || task.kind == OpKind::save_latent) return;
    if (task.kind == OpKind::exchange) return add_parts(program, segment, task);
    OpCost cost = op_cost(program, task);
    insert({cost.kind, std::move(cost.dims), &program, &segment, &task, nullptr, {}});
  }

  void add_parts(const Program& program, const Segment& segment, const Task& task) {
    const Exchange& exchange = segment.exchanges[index(std::get<ExchangeShape>(task.shape).exchange)];
    for (const Part& part : exchange.parts) {
      if (part.from != task.rank) continue;
      OpCost cost = part_cost(program, exchange.transport, part);
      insert({cost.kind, std::move(cost.dims), &program, &segment, &task, &part, exchange.transport});
    }
  }

  void insert(Point point) {
    auto key = std::pair(point.kind, point.dims);
    found_.try_emplace(std::move(key), std::move(point));
  }

  std::map<std::pair<std::string, std::vector<std::int64_t>>, Point> found_;
};

}  // namespace

std::vector<Point> points_of(std::span<const Program> programs) {
  Collector collector;
  for (const Program& program : programs) collector.add(program);
  return collector.points();
}

}  // namespace pipedit::profiler
