#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "planner/host_time.h"
#include "planner/job_bound.h"
#include "planner/space.h"
#include "planner/step_floor.h"

// Bounds of pipelines before they are lowered.
namespace pipedit::planner {

// What every search of one space asks about: all kept by reference.
struct Setting {
  const models::Model& model;
  const Cluster& cluster;
  const Workload& workload;  // shapes; requests do not matter here
  const simulator::CostModel& costs;
  Transport transport;
  std::optional<Bytes> memory_limit;
};

// One group on certain ranks. Its plainest program is lowered; begin, hand-over and decode of all other programs of the
// group are the same, and StepFloor bounds their steps.
class GroupBounds {
 public:
  GroupBounds(const Setting&, Group, Memory, int first_rank);

  PipelineTimes of(const Details&) const;            // no program with these details is faster
  const PipelineTimes& least(int lent_heads) const;  // nor any with this share

  // Why the plainest program does not fit, if so: then no other does, nor one of several pipelines with such a group.
  // Other details have the same buffers, lent heads need more.
  const std::optional<std::string>& misfit() const { return misfit_; }

 private:
  PipelineTimes with_steps(bool lends, const std::function<StepTime(const StepFloor&, bool lent)>&) const;

  Setting setting_;
  Pipeline pipeline_;
  program::Program program_;
  std::optional<std::string> misfit_;
  PipelineTimes times_;
  std::vector<StepFloor> floors_;  // by request shape
  std::vector<HostTime> hosts_;    // the same
  mutable std::map<int, PipelineTimes> least_;
};

// GroupBounds of all groups that are asked for, made once; groups on ranks with equal paths share theirs.
class BoundTable {
 public:
  explicit BoundTable(const Setting& setting) : setting_(setting) {}
  const GroupBounds& of(Group, Memory, int first_rank);

 private:
  std::string place(Group, int first_rank);

  Setting setting_;
  std::map<std::pair<int, int>, std::string> places_;  // by ranks and first rank
  std::map<std::tuple<Group, Memory, std::string>, std::unique_ptr<GroupBounds>> bounds_;
};

}  // namespace pipedit::planner
