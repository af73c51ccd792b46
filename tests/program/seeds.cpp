#include "tests/program/seeds.h"

#include <algorithm>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "program/lower/lower.h"

namespace pipedit::tests {

using namespace pipedit::program;

Program lowered(const PlanShape& shape, const std::string& model) {
  return lower(tests::model(model), cluster(shape.denoise + shape.decode), uniform_workload(kTinyShape, 3),
               plan(shape));
}

std::vector<Fault> faults_of(const Program& program) { return verify(program, cluster(program.ranks())); }

std::vector<Place> tasks_where(const Program& program, const std::function<bool(const Task&)>& wanted) {
  std::vector<Place> places;
  for (std::size_t segment = 0; segment < program.segments.size(); ++segment)
    for (std::size_t task = 0; task < program.segments[segment].tasks.size(); ++task)
      if (wanted(program.segments[segment].tasks[task])) places.push_back({segment, task});
  return places;
}

std::vector<WaitPlace> waits(const Program& program) {
  std::vector<WaitPlace> places;
  for (const Place& task : tasks_where(program, [](const Task&) { return true; }))
    for (std::size_t wait = 0; wait < program.segments[task.segment].tasks[task.item].waits.size(); ++wait)
      places.push_back({task, wait});
  return places;
}

Program without_wait(Program program, const WaitPlace& place) {
  auto& waits = program.segments[place.task.segment].tasks[place.task.item].waits;
  waits.erase(waits.begin() + static_cast<std::ptrdiff_t>(place.wait));
  return program;
}

Program swapped(Program program, std::size_t segment, std::size_t a, std::size_t b) {
  std::vector<Task>& tasks = program.segments[segment].tasks;
  std::swap(tasks[a], tasks[b]);
  for (Task& task : tasks)
    for (Wait& wait : task.waits)
      if (auto* done = std::get_if<TaskDone>(&wait)) {
        if (index(done->task) == a)
          done->task = TaskId{static_cast<int>(b)};
        else if (index(done->task) == b)
          done->task = TaskId{static_cast<int>(a)};
      }
  return program;
}

bool has(const std::vector<Fault>& faults, FaultKind kind) {
  return std::any_of(faults.begin(), faults.end(), [&](const Fault& fault) { return fault.kind == kind; });
}

std::string text(const std::vector<Fault>& faults) {
  std::string text;
  for (const Fault& fault : faults) text += fmt::format("{}: {}\n", name_of(fault.kind), fault.message);
  return text;
}

void expect_all_caught(const char* kind, int caught, int seeded) {
  fmt::print("{}: {} of {} caught\n", kind, caught, seeded);
  EXPECT_EQ(caught, seeded) << kind;
  EXPECT_GT(seeded, 0) << kind;
}

}  // namespace pipedit::tests
