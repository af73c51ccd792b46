#include "models/op_kind.h"

namespace pipedit::models {

namespace {

constexpr std::string_view kOpNames[kOpKinds] = {
    "draw_noise",   "refine_constants", "condition", "modulation",   "embed_video", "refine",      "modulate",
    "project_v",    "project_k",        "project_q", "pack_v",       "pack_k",      "pack_q",      "attention",
    "keep_outputs", "out_project",      "gate",      "mlp_up",       "mlp_down",    "final_layer", "scheduler_step",
    "exchange",     "decode_tile",      "blend",     "write_frames", "save_latent", "load_weights"};

constexpr std::string_view kStreamNames[] = {"joint", "video", "text"};

}  // namespace

std::string_view name_of(OpKind kind) { return kOpNames[static_cast<int>(kind)]; }
std::string_view name_of(Stream stream) { return kStreamNames[static_cast<int>(stream)]; }

}  // namespace pipedit::models
