#include "program/verify/shapes.h"

#include <algorithm>

namespace pipedit::program {

namespace {

template <class Wanted>
bool is(const Task& task) {
  return std::holds_alternative<Wanted>(task.shape);
}

bool equal_boxes(const Region& a, const Region& b) {
  return a.slots.size() == b.slots.size() && a.rows.size() == b.rows.size();
}

bool counts(const Task& task, std::size_t least, std::size_t most, std::size_t writes) {
  return task.reads.size() >= least && task.reads.size() <= most && task.writes.size() == writes;
}

}  // namespace

bool has_its_shape(const Task& task) {
  switch (task.kind) {
    case OpKind::draw_noise:
    case OpKind::refine_constants:
    case OpKind::refine:
    case OpKind::scheduler_step:
    case OpKind::save_latent:
      return is<RowsShape>(task);
    case OpKind::condition:
    case OpKind::modulation:
      return is<StepsShape>(task);
    case OpKind::embed_video:
    case OpKind::project_v:
    case OpKind::project_k:
    case OpKind::project_q:
    case OpKind::out_project:
    case OpKind::mlp_up:
    case OpKind::mlp_down:
    case OpKind::final_layer:
      return is<GemmShape>(task);
    case OpKind::modulate:
    case OpKind::gate:
      return is<ModulateShape>(task);
    case OpKind::pack_v:
    case OpKind::pack_k:
    case OpKind::pack_q:
      return is<PackShape>(task);
    case OpKind::attention:
      return is<AttentionShape>(task);
    case OpKind::exchange:
      return is<ExchangeShape>(task);
    case OpKind::decode_tile:
      return is<TileShape>(task);
    case OpKind::blend:
    case OpKind::write_frames:
      return is<LayerShape>(task);
    case OpKind::keep_outputs:
    case OpKind::load_weights:
      return is<BytesShape>(task);
  }
  return false;
}

bool has_its_operands(const Task& task) {
  switch (task.kind) {
    case OpKind::draw_noise:
    case OpKind::condition:
    case OpKind::load_weights:
      return counts(task, 0, 0, 1);
    case OpKind::refine_constants:
      return counts(task, 0, 0, 2);
    case OpKind::modulation:
    case OpKind::embed_video:
    case OpKind::project_v:
    case OpKind::project_k:
    case OpKind::project_q:
    case OpKind::mlp_up:
    case OpKind::mlp_down:
    case OpKind::decode_tile:
      return counts(task, 1, 1, 1);
    case OpKind::refine:
    case OpKind::modulate:
    case OpKind::final_layer:
    case OpKind::scheduler_step:
      return counts(task, 2, 2, 1);
    case OpKind::out_project:
      return counts(task, 1, 2, 1);
    case OpKind::gate:
      return counts(task, 3, 3, 1);
    case OpKind::pack_v:
    case OpKind::pack_k:
    case OpKind::pack_q:
      return task.reads.size() == 1 && !task.writes.empty();
    case OpKind::attention: {
      const std::size_t items = std::get<AttentionShape>(task.shape).items.size();
      return counts(task, 3 * items, 3 * items, items);
    }
    case OpKind::keep_outputs:
      return !task.reads.empty() && std::ranges::equal(task.reads, task.writes, equal_boxes);
    case OpKind::write_frames:
    case OpKind::save_latent:
      return counts(task, 1, 1, 0);
    case OpKind::blend:
      return !task.reads.empty() && (task.writes.size() == 1 || task.writes.size() == 2);
    case OpKind::exchange:
      return true;  // its regions are the parts'
  }
  return false;
}

}  // namespace pipedit::program
