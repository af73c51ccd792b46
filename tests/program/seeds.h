#pragma once

#include <functional>
#include <string>
#include <vector>

#include "program/program.h"
#include "program/verify/verify.h"

// Faults put into programs on purpose.
namespace pipedit::tests {

struct Place {
  std::size_t segment = 0, item = 0;  // item: a task, or an exchange's number
};

std::vector<Place> tasks_where(const program::Program&, const std::function<bool(const program::Task&)>&);

// Of one task: its place in Task::waits.
struct WaitPlace {
  Place task;
  std::size_t wait = 0;
};
std::vector<WaitPlace> waits(const program::Program&);
program::Program without_wait(program::Program, const WaitPlace&);

// Tasks a and b of a segment change places; what waits for them still does.
program::Program swapped(program::Program, std::size_t segment, std::size_t a, std::size_t b);

bool has(const std::vector<program::Fault>&, program::FaultKind);
std::string text(const std::vector<program::Fault>&);  // a fault a line

}  // namespace pipedit::tests
