#pragma once

#include "executor/ops/op.h"

// One function an operation, in the file of its name; models/op_kind.h says what each reads and writes.
namespace pipedit::executor::ops {

void draw_noise(const OpContext&);
void refine_constants(const OpContext&);
void condition(const OpContext&);
void modulation(const OpContext&);
void embed_video(const OpContext&);
void refine(const OpContext&);
void modulate(const OpContext&);
void project_v(const OpContext&);  // project.cpp: one product each
void project_k(const OpContext&);
void project_q(const OpContext&);
void out_project(const OpContext&);
void mlp_up(const OpContext&);
void mlp_down(const OpContext&);
void pack_v(const OpContext&);  // pack.cpp
void pack_k(const OpContext&);
void pack_q(const OpContext&);
void attention(const OpContext&);
void keep_outputs(const OpContext&);
void gate(const OpContext&);
void final_layer(const OpContext&);
void scheduler_step(const OpContext&);
void decode_tile(const OpContext&);
void blend(const OpContext&);
void write_frames(const OpContext&);
void save_latent(const OpContext&);
void load_weights(const OpContext&);

}  // namespace pipedit::executor::ops
