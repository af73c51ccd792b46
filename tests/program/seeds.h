#pragma once

#include <functional>
#include <string>
#include <vector>

#include "program/program.h"
#include "program/verify/verify.h"
#include "tests/program/plans.h"

// Faults put into programs on purpose.
namespace pipedit::tests {

// A model's program for three small requests, on a GPU a rank; and what the verifier says of one on as many GPUs.
program::Program lowered(const PlanShape&, const std::string& model = "hunyuanvideo-tiny");
std::vector<program::Fault> faults_of(const program::Program&);

// Three ranks share 14 heads: pieces of heads, in uneven chunks and two row groups.
inline const PlanShape kGroups{.denoise = 3, .chunks = {2, 1}, .row_groups = 2};

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

// Says how many seeded faults of a kind were caught, and expects all.
void expect_all_caught(const char* kind, int caught, int seeded);

}  // namespace pipedit::tests
