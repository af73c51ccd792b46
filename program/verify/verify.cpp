#include "program/verify/verify.h"

#include <fmt/format.h>

#include "program/verify/accesses.h"
#include "program/verify/attention.h"
#include "program/verify/host_graph.h"
#include "program/verify/loads.h"
#include "program/verify/memory.h"
#include "program/verify/structure.h"

namespace pipedit::program {

namespace {

constexpr std::size_t kNamedInCycle = 6;

// "a, then b, then c, then a again", for a cycle of events whose names are given; neighbours of one name are one.
std::string circle(const std::vector<std::string>& names) {
  std::vector<std::string> distinct;
  for (const std::string& name : names)
    if (!name.empty() && (distinct.empty() || distinct.back() != name)) distinct.push_back(name);
  const std::size_t left_out = distinct.size() > kNamedInCycle ? distinct.size() - kNamedInCycle : 0;
  distinct.resize(distinct.size() - left_out);
  std::string text = fmt::format("{}", fmt::join(distinct, " before "));
  if (left_out > 0) text += fmt::format(" before {} more", left_out);
  return text + (distinct.empty() ? "" : " before " + distinct.front());
}

class LogCheck {
 public:
  LogCheck(const Program& program, const Cells& cells, const std::vector<SegmentTouches>& touches, Faults& faults)
      : program_(program), cells_(cells), touches_(touches), faults_(faults) {}

  void run(const Log& log) {
    check_hosts(log);
    const DeviceGraph graph = device_graph(program_, log);
    const Sorted sorted = sort_events(graph.events(), graph.edges);
    if (sorted.cycle.empty()) {
      check_accesses(program_, log, graph, sorted.order, cells_, touches_, faults_);
    } else {
      report_device_cycle(log, graph, sorted.cycle);
    }
  }

 private:
  void check_hosts(const Log& log) {
    const HostGraph graph = host_graph(program_, log);
    const Sorted sorted = sort_events(static_cast<int>(graph.events.size()), graph.edges);
    if (sorted.cycle.empty()) return;
    std::vector<std::string> names;
    for (const int event : sorted.cycle) {
      const Enqueued& enqueued = graph.events[static_cast<std::size_t>(event)];
      names.push_back(name_in(log, enqueued.unit, enqueued.call, enqueued.task));
    }
    faults_.add(FaultKind::hosts, "hosts enqueue in a circle: " + circle(names));
  }

  void report_device_cycle(const Log& log, const DeviceGraph& graph, const std::vector<int>& cycle) {
    std::vector<std::string> names;
    for (const int event : cycle) {
      const int act = graph.act[static_cast<std::size_t>(event)];
      if (act >= 0) names.push_back(name_of_act(log, graph.acts[static_cast<std::size_t>(act)]));
    }
    faults_.add(FaultKind::order, "devices wait in a circle: " + circle(names));
  }

  const Program& program_;
  const Cells& cells_;
  const std::vector<SegmentTouches>& touches_;
  Faults& faults_;
};

void check_logs(const Program& whole, Faults& faults) {
  Program program = shortened(whole);
  const Cells cells(program);
  const std::vector<SegmentTouches> touched = touches(program, cells);
  LogCheck check(program, cells, touched, faults);
  for (std::size_t actor = 0; actor < program.actors.size(); ++actor) {
    if (program.actors[actor].source != Source::queue) continue;
    for (const Choice& choice : choices(whole, whole.actors[actor])) {
      program.request_shapes = choice.shapes;
      check.run(unroll(program, ActorId{static_cast<int>(actor)}, choice));
    }
  }
}

}  // namespace

std::vector<Fault> verify(const Program& program, const Cluster& cluster) {
  Faults faults;
  check_structure(program, cluster, faults);
  check_loads(program, faults);
  if (!faults.none(FaultKind::structure)) return faults.take();
  check_attention(program, faults);
  check_memory(program, faults);
  check_logs(program, faults);
  return faults.take();
}

}  // namespace pipedit::program
