#include "models/hunyuanvideo/blocks.h"

namespace pipedit::models::hunyuanvideo {

namespace {

// Order of the vectors in a modulation table: shift, scale, gate of the attention half, then of the MLP half.
std::vector<Operation> double_operations(std::int64_t d, std::int64_t m) {
  return {{.kind = OpKind::modulate, .shift = 0, .scale = 1},
          {.kind = OpKind::project_v, .in = d, .out = d},
          {.kind = OpKind::project_k, .in = d, .out = d},
          {.kind = OpKind::project_q, .in = d, .out = d},
          {.kind = OpKind::attention},
          {.kind = OpKind::out_project, .in = d, .out = d},
          {.kind = OpKind::gate, .gate = 2},
          {.kind = OpKind::modulate, .shift = 3, .scale = 4},
          {.kind = OpKind::mlp_up, .in = d, .out = m},
          {.kind = OpKind::mlp_down, .in = m, .out = d},
          {.kind = OpKind::gate, .gate = 5}};
}

std::vector<Operation> single_operations(std::int64_t d, std::int64_t m) {
  return {{.kind = OpKind::modulate, .shift = 0, .scale = 1},
          {.kind = OpKind::project_v, .in = d, .out = d},
          {.kind = OpKind::project_k, .in = d, .out = d},
          {.kind = OpKind::project_q, .in = d, .out = d},
          {.kind = OpKind::mlp_up, .in = d, .out = m, .beside_attention = true},
          {.kind = OpKind::attention},
          {.kind = OpKind::mlp_down, .in = m, .out = d, .beside_attention = true},
          {.kind = OpKind::out_project, .in = d, .out = d},
          {.kind = OpKind::gate, .gate = 2}};
}

}  // namespace

std::vector<Block> blocks(const DitConfig& dit) {
  const std::int64_t d = dit.hidden_size, m = dit.mlp_width;
  return {{"double block", "double", dit.num_double_blocks, {Stream::video, Stream::text}, 6, double_operations(d, m)},
          {"single block", "single", dit.num_single_blocks, {Stream::joint}, 3, single_operations(d, m)}};
}

}  // namespace pipedit::models::hunyuanvideo
