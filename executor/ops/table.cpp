#include <array>

#include <fmt/format.h>

#include "core/error.h"
#include "executor/ops/operations.h"

namespace pipedit::executor {

namespace {

using program::OpKind;

struct Entry {
  OpKind kind;
  OpFunction function;
};

constexpr Entry kOperations[] = {
    {OpKind::draw_noise, ops::draw_noise},
    {OpKind::refine_constants, ops::refine_constants},
    {OpKind::condition, ops::condition},
    {OpKind::modulation, ops::modulation},
    {OpKind::embed_video, ops::embed_video},
    {OpKind::refine, ops::refine},
    {OpKind::modulate, ops::modulate},
    {OpKind::project_v, ops::project_v},
    {OpKind::project_k, ops::project_k},
    {OpKind::project_q, ops::project_q},
    {OpKind::pack_v, ops::pack_v},
    {OpKind::pack_k, ops::pack_k},
    {OpKind::pack_q, ops::pack_q},
    {OpKind::attention, ops::attention},
    {OpKind::keep_outputs, ops::keep_outputs},
    {OpKind::out_project, ops::out_project},
    {OpKind::gate, ops::gate},
    {OpKind::mlp_up, ops::mlp_up},
    {OpKind::mlp_down, ops::mlp_down},
    {OpKind::final_layer, ops::final_layer},
    {OpKind::scheduler_step, ops::scheduler_step},
    {OpKind::decode_tile, ops::decode_tile},
    {OpKind::blend, ops::blend},
    {OpKind::write_frames, ops::write_frames},
    {OpKind::save_latent, ops::save_latent},
    {OpKind::load_weights, ops::load_weights},
};

}  // namespace

OpFunction op_function(OpKind kind) {
  for (const Entry& entry : kOperations)
    if (entry.kind == kind) return entry.function;
  throw Error(fmt::format("no operation {}", program::name_of(kind)));
}

void run_operation(const OpContext& context) { op_function(context.task.kind)(context); }

}  // namespace pipedit::executor
