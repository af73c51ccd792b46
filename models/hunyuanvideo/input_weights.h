#pragma once

#include "models/hunyuanvideo/weight_list.h"

namespace pipedit::models::hunyuanvideo {

// The weights in front of the blocks.
void add_embedding(WeightList&);     // embed
void add_conditioning(WeightList&);  // time, guidance, pooled
void add_refiner(WeightList&);       // refiner

}  // namespace pipedit::models::hunyuanvideo
