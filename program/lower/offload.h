#pragma once

#include <map>
#include <vector>

#include "program/lower/context.h"

namespace pipedit::program::lowering {

// The set of a stage's weights, added to the program where it is not there yet: by name, each at the next multiple of
// kWeightAlignment. `phase` is denoise (the transformer's) or decode.
WeightSetId weight_set(Program&, const models::Model&, Phase);

using Loaded = std::map<Rank, BufferId>;  // where a rank finds the weights of the stage at hand

// Off-load: a stage's weights come from pinned host memory, on the copy lane, into bytes that the other stage's use
// before and after. Replaces `loaded`.
Segment lower_load(const Context&, BufferTable&, const std::vector<Rank>&, Phase, WeightSetId, const WeightSet&,
                   Loaded& loaded);

// Every operation that has weights takes them from where its rank has loaded them.
void use_loaded(Segment&, const Loaded&);

}  // namespace pipedit::program::lowering
