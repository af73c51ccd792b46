#pragma once

#include <vector>

#include "models/model.h"
#include "program/lower/builder.h"
#include "program/program.h"

namespace pipedit::program::lowering {

// Weights that a rank holds. A denoising rank without text rows does not need those of the text stream, one without
// tiles not the decoder's.
struct WeightNeeds {
  bool transformer = false, text = false, decoder = false;
};
struct WeightBytes {
  Bytes transformer, text, decoder;
  Bytes of(WeightNeeds needs) const;
};
WeightBytes weight_bytes(const models::Model&);  // goes through thousands of names: ask once a program

// Fills Program::memory from the placed buffers, the resident weights and the operations' temporaries.
void account_memory(Program&, const std::vector<BufferTable::Sizes>&, const std::vector<Bytes>& weights, DeviceKind);

}  // namespace pipedit::program::lowering
