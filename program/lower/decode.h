#pragma once

#include <vector>

#include "program/lower/context.h"

// From latents at the owners of rows to frames: the latents travel to the ranks that decode, these decode tiles, one of
// them blends.
namespace pipedit::program::lowering {

// The decoding buffers of a group, by rank in the group's order.
struct DecodeLayout {
  std::vector<BufferId> latent;         // all tokens, one copy a latent slot
  std::vector<BufferId> tiles;          // decoded tiles: at the first rank all of them, at the others their own
  std::vector<std::vector<int>> dealt;  // tiles of each rank, in the order in which it decodes them
  BufferId tail{-1}, frames{-1};        // at the first rank, which blends
};
DecodeLayout decode_layout(const Context&, BufferTable&);

// Latents to every decoding rank: on the send lane inside a co-located group, on the hand lane to another actor.
Segment lower_latent_exchange(const Context&, const DenoiseLayout&, const DecodeLayout&);

Segment lower_decode(const Context&, const DecodeLayout&, bool wait_for_weights);

}  // namespace pipedit::program::lowering
