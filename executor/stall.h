#pragma once

#include <string>
#include <vector>

#include "executor/backend.h"

namespace pipedit::executor {

// Lanes of all ranks when nothing can go on.
struct Stuck {
  std::vector<const Item*> heads;  // by rank, then in enqueue order
  std::vector<const Item*> items;  // all entries, heads too
};

// Who waits for what. Names first an entry whose wait nothing that is enqueued will ever meet: the others are its
// consequences.
std::string describe_stall(const Stuck&);

}  // namespace pipedit::executor
