#include "program/weights.h"

namespace pipedit::program {

Bytes WeightSet::content() const {
  Bytes sum;
  for (const WeightPlace& place : places) sum += place.size;
  return sum;
}

Bytes WeightSet::extent() const { return places.empty() ? Bytes{} : places.back().offset + places.back().size; }

bool uses_weights(models::OpKind kind) {
  using models::OpKind;
  switch (kind) {
    case OpKind::refine_constants:
    case OpKind::condition:
    case OpKind::modulation:
    case OpKind::embed_video:
    case OpKind::refine:
    case OpKind::project_v:
    case OpKind::project_k:
    case OpKind::project_q:
    case OpKind::pack_k:  // of the norms
    case OpKind::pack_q:
    case OpKind::out_project:
    case OpKind::mlp_up:
    case OpKind::mlp_down:
    case OpKind::final_layer:
    case OpKind::decode_tile:
      return true;
    default:
      return false;
  }
}

}  // namespace pipedit::program
