#pragma once

#include <string>
#include <vector>

#include "cli/machine.h"
#include "core/compare.h"

// What `--json` prints: one JSON text.
namespace pipedit::cli {

struct NamesOfKind {
  std::string kind;
  std::vector<std::string> names;
};
std::string json_of(const std::vector<NamesOfKind>&);

std::string json_of(const Machine&, const std::vector<std::string>& warnings);

std::string json_of(const Comparison&);

}  // namespace pipedit::cli
