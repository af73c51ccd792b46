#pragma once

#include <vector>

#include "models/block.h"

namespace pipedit::models::hunyuanvideo {

// The double-stream blocks, then the single-stream blocks, as lists of operations (official code: MMDoubleStreamBlock
// and MMSingleStreamBlock). A single block's first product is cut into v, k, q and MLP, its second into an attention
// and an MLP share, always the same way, so that every plan adds the same numbers in the same order.
std::vector<Block> blocks(const DitConfig&);

}  // namespace pipedit::models::hunyuanvideo
