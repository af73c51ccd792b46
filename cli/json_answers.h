#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/machine/machine.h"
#include "cli/run_request.h"
#include "core/compare.h"
#include "core/profile.h"
#include "planner/explain.h"
#include "program/verify/verify.h"

// What `--json` prints: one JSON text.
namespace pipedit::cli {

struct NamesOfKind {
  std::string kind;
  std::vector<std::string> names;
};
std::string json_of(const std::vector<NamesOfKind>&);

std::string json_of(const Machine&, const std::vector<std::string>& warnings);

std::string json_of(const Profile&);

std::string json_of(const planner::Answer&, const planner::Explanation& why);

struct Shown {
  const program::Program& program;
  std::vector<program::Fault> faults;
  std::optional<std::string> does_not_fit;
};
std::string json_of(const Shown&);

std::string json_of(const Timeline&);  // of a simulation

std::string json_of(const RunAnswer&);

std::string json_of(const Comparison&);

}  // namespace pipedit::cli
