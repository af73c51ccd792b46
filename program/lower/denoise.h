#pragma once

#include <vector>

#include "program/lower/context.h"

// The segments of a denoising group.
namespace pipedit::program::lowering {

// Once a request: noise (or the latents that came with the request), conditioning, then the modulation tables of all
// steps.
Segment lower_conditioning(const Context&, const DenoiseLayout&, bool wait_for_weights);
Segment lower_block_tables(const Context&, const DenoiseLayout&, const models::Block&);
Segment lower_final_table(const Context&, const DenoiseLayout&);

// A step.
Segment lower_embed(const Context&, const DenoiseLayout&);
Segment lower_block(const Context&, const DenoiseLayout&, const Split&, const models::Block&);
Segment lower_final(const Context&, const DenoiseLayout&);

}  // namespace pipedit::program::lowering
