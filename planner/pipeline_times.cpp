#include <algorithm>

#include "planner/job_bound.h"

// From a program to what its pipelines' units take at least.
namespace pipedit::planner {

namespace {

using program::UnitKind;

class TimesOf {
 public:
  TimesOf(const program::Program& program, const Cluster& cluster, const simulator::CostModel& costs)
      : program_(program), cluster_(cluster), times_(program, costs) {}

  RequestTimes request(const std::vector<program::Unit>& script, std::size_t shape) const {
    RequestTimes times;
    for (const program::Unit& unit : script) add(unit, shape, times);
    if (cluster_.devices.size() > 1) times.step_work = times.other_work = Nanos{0};
    return times;
  }

 private:
  UnitTime time(const program::Unit& unit, std::size_t alternative = 0) const {
    return unit_time(program_, cluster_, times_, unit.alternatives[alternative]);
  }

  void add(const program::Unit& unit, std::size_t shape, RequestTimes& times) const {
    const UnitTime plain = time(unit);
    if (unit.kind != UnitKind::step) times.other_work += plain.work;
    switch (unit.kind) {
      case UnitKind::begin:
        times.begin = plain.barrier;
        break;
      case UnitKind::step:
        add_step(unit, plain, times);
        break;
      case UnitKind::gather:
        times.hand = plain.barrier;
        break;
      case UnitKind::hand: {
        times.hand = plain.all;
        times.colocated = false;
        add(program_.actors[index(*unit.hand_to)].scripts[shape].front(), shape, times);
        break;
      }
      case UnitKind::decode:
        times.decode = plain.barrier;
        times.tail = plain.all - plain.barrier;
        break;
    }
  }

  void add_step(const program::Unit& unit, const UnitTime& plain, RequestTimes& times) const {
    const UnitTime lent = unit.alternatives.size() > 1 ? time(unit, 1) : plain;
    times.steps = unit.repeat;
    times.step = plain.barrier;
    times.lent_step = lent.barrier;
    times.step_work = std::min(plain.work, lent.work);
  }

  const program::Program& program_;
  const Cluster& cluster_;
  SegmentTimes times_;
};

}  // namespace

std::vector<PipelineTimes> pipeline_times(const program::Program& program, const Cluster& cluster,
                                          const simulator::CostModel& costs) {
  const TimesOf times(program, cluster, costs);
  std::vector<PipelineTimes> pipelines;
  for (const program::Actor& actor : program.actors) {
    if (actor.source != program::Source::queue) continue;
    PipelineTimes& pipeline = pipelines.emplace_back();
    for (std::size_t shape = 0; shape < actor.scripts.size(); ++shape) {
      pipeline.push_back(times.request(actor.scripts[shape], shape));
      pipeline.back().host = host_time(program, costs, actor, shape, false);
    }
  }
  return pipelines;
}

}  // namespace pipedit::planner
