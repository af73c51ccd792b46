#include "program/verify/faults.h"

#include <algorithm>

namespace pipedit::program {

void Faults::add(FaultKind kind, std::string message) {
  if (full(kind)) return;
  Fault fault{kind, std::move(message)};
  if (std::ranges::find(found_, fault) != found_.end()) return;
  found_.push_back(std::move(fault));
  ++counts_[static_cast<std::size_t>(kind)];
}

std::string_view name_of(FaultKind kind) {
  constexpr std::string_view kNames[] = {"structure", "name",     "order",     "hosts",
                                         "race",      "coverage", "attention", "memory"};
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace pipedit::program
