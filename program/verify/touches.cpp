#include "program/verify/touches.h"

#include "program/verify/weights.h"

namespace pipedit::program {

namespace {

std::vector<Footprint> footprints(const Cells& cells, const std::vector<Region>& regions) {
  std::vector<Footprint> boxes;
  for (const Region& region : regions) boxes.push_back(cells.footprint(region));
  return boxes;
}

}  // namespace

std::vector<SegmentTouches> touches(const Program& program, const Cells& cells) {
  std::vector<SegmentTouches> result;
  const auto weights = weights_used(program);
  for (std::size_t id = 0; id < program.segments.size(); ++id) {
    const Segment& segment = program.segments[id];
    SegmentTouches& touched = result.emplace_back();
    for (std::size_t task = 0; task < segment.tasks.size(); ++task) {
      Touched& own = touched.tasks.emplace_back();
      if (segment.tasks[task].kind == OpKind::exchange) continue;
      own.reads = footprints(cells, segment.tasks[task].reads);
      own.writes = footprints(cells, segment.tasks[task].writes);
      if (weights[id][task]) own.weights = cells.footprint(*weights[id][task]);
    }
    for (const Exchange& exchange : segment.exchanges) {
      touched.parts.emplace_back();
      for (const Part& part : exchange.parts)
        touched.parts.back().push_back({{cells.footprint(part.source)}, {cells.footprint(part.target)}, {}});
    }
  }
  return result;
}

}  // namespace pipedit::program
