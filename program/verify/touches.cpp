#include "program/verify/touches.h"

namespace pipedit::program {

namespace {

Region whole(const Program& program, BufferId buffer) {
  const Extent& extent = program.buffer(buffer).extent;
  return {buffer, {0, extent.slots}, {0, extent.rows}};
}

std::vector<Footprint> footprints(const Cells& cells, const std::vector<Region>& regions) {
  std::vector<Footprint> boxes;
  for (const Region& region : regions) boxes.push_back(cells.footprint(region));
  return boxes;
}

}  // namespace

std::vector<SegmentTouches> touches(const Program& program, const Cells& cells) {
  std::vector<SegmentTouches> result;
  for (const Segment& segment : program.segments) {
    SegmentTouches& touched = result.emplace_back();
    for (std::size_t task = 0; task < segment.tasks.size(); ++task) {
      Touched& own = touched.tasks.emplace_back();
      if (segment.tasks[task].kind == OpKind::exchange) continue;
      own.reads = footprints(cells, segment.tasks[task].reads);
      own.writes = footprints(cells, segment.tasks[task].writes);
      if (const auto weights = segment.tasks[task].loaded_weights)
        own.weights = cells.footprint(whole(program, *weights));
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
