#pragma once

#include <array>
#include <vector>

#include "executor/backend.h"
#include "executor/ops/op.h"
#include "program/program.h"
#include "program/script.h"

namespace pipedit::executor {

// Where a program's buffers lie in a session's memory.
class Addresses {
 public:
  Addresses(const program::Program&, const Session&);

  // The bytes of a region, in the copy of its buffer that the call means. Throws Error, naming the buffer, for a region
  // that is not inside it.
  View view(const program::Region&, const program::Bindings&) const;
  std::vector<View> views(const std::vector<program::Region>&, const program::Bindings&) const;

 private:
  const program::Program* program_;
  std::vector<std::array<std::byte*, 2>> base_;  // by rank and place
  std::vector<int> gpu_;                         // by rank
};

}  // namespace pipedit::executor
