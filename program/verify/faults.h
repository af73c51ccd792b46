#pragma once

#include <array>
#include <string>
#include <vector>

#include "program/verify/verify.h"

namespace pipedit::program {

// Faults in the order in which they were found, each message once.
class Faults {
 public:
  static constexpr int kLimit = 16;  // of a kind: enough to see the pattern

  void add(FaultKind, std::string message);
  bool full(FaultKind kind) const { return counts_[static_cast<std::size_t>(kind)] >= kLimit; }
  bool none(FaultKind kind) const { return counts_[static_cast<std::size_t>(kind)] == 0; }
  std::vector<Fault> take() { return std::move(found_); }

 private:
  std::vector<Fault> found_;
  std::array<int, static_cast<std::size_t>(FaultKind::memory) + 1> counts_{};
};

}  // namespace pipedit::program
