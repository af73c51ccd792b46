#include <algorithm>
#include <map>

#include "program/lower/attention.h"
#include "program/lower/denoise.h"

// One transformer block: its operations in the model's order, on each owner's rows, with attention shared out.
namespace pipedit::program::lowering {

namespace {

using models::Block;
using models::Operation;

class BlockLowering {
 public:
  BlockLowering(const Context& context, const DenoiseLayout& layout, const Split& split, const Block& block)
      : context_(context),
        layout_(layout),
        split_(split),
        block_(block),
        builder_(block.name, block.weights),
        attention_(context, layout, split, builder_) {}

  Segment lower() {
    const std::vector<Operation> operations = ordered();
    for (std::size_t i = 0; i < operations.size(); ++i) lower(operations[i], i + 1 == operations.size());
    return builder_.take();
  }

 private:
  // With fill, operations that do not depend on attention stand where the model lists them: beside the transfers.
  // Without, they stand where nothing is hidden: before the projections, or behind the arrival of the outputs.
  std::vector<Operation> ordered() const {
    std::vector<Operation> operations = block_.operations;
    if (context_.pipeline.fill) return operations;
    const auto is_attention = [](const Operation& o) { return o.kind == OpKind::attention; };
    const auto attention = std::find_if(operations.begin(), operations.end(), is_attention);
    const auto is_projection = [](const Operation& o) { return o.kind == OpKind::project_v; };
    const auto first = std::find_if(operations.begin(), attention, is_projection);
    std::stable_partition(first, attention, [](const Operation& o) { return o.beside_attention; });
    return operations;
  }

  void lower(const Operation& operation, bool last) {
    switch (operation.kind) {
      case OpKind::project_v:
        return project(operation, OpKind::pack_v, Payload::v);
      case OpKind::project_k:
        return project(operation, OpKind::pack_k, Payload::k);
      case OpKind::project_q:
        return project(operation, OpKind::pack_q, Payload::q);
      case OpKind::attention:
        attention_.attend();
        behind_attention_ = true;
        return;
      default:
        number_ = occurrences(operation.kind) > 1 ? seen_[operation.kind]++ : -1;
        return each([&](int member, Stream stream) { row_operation(operation, member, stream, last); });
    }
  }

  std::ptrdiff_t occurrences(OpKind kind) const {
    return std::count_if(block_.operations.begin(), block_.operations.end(),
                         [&](const Operation& o) { return o.kind == kind; });
  }

  // Calls emit(member, stream) for every stream of which a member owns rows.
  template <class Emit>
  void each(Emit emit) {
    for (int member = 0; member < split_.count(); ++member)
      for (const Stream stream : block_.streams)
        if (!split_.local_rows(member, stream).empty()) emit(member, stream);
  }

  const RankBuffers& buffers(int member) const { return layout_.at(rank(member)); }
  Rank rank(int member) const { return split_.members[static_cast<std::size_t>(member)]; }

  // Projects, packs and sends one of v, k, q.
  void project(const Operation& operation, OpKind pack, Payload payload) {
    SegmentBuilder::Ready ready{std::vector<std::optional<TaskId>>(split_.members.size())};
    each([&](int member, Stream stream) {
      const Range local = split_.local_rows(member, stream);
      const RankBuffers& own = buffers(member);
      Task projection = make(operation.kind, member, stream, GemmShape{local.size(), operation.in, operation.out});
      projection.reads = {region(own.normed, local)};
      projection.writes = {region(own.projected, local)};
      builder_.add(std::move(projection));
      Task packing = make(pack, member, stream, pack_shape(member, stream));
      packing.reads = {region(own.projected, local)};
      packing.writes = attention_.packed(member, stream, payload);
      ready.by_member[static_cast<std::size_t>(member)] = builder_.add(std::move(packing));
    });
    attention_.send(payload, ready);
  }

  PackShape pack_shape(int member, Stream stream) const {
    PackShape shape{split_.stream_rows(member, stream), context_.model.dit.head_dim, {}};
    for (int head = 0; head < context_.model.dit.num_heads; ++head) shape.heads.push_back(head);
    return shape;
  }

  void row_operation(const Operation& operation, int member, Stream stream, bool last) {
    const Range local = split_.local_rows(member, stream);
    const RankBuffers& own = buffers(member);
    Task task = make(operation.kind, member, stream, shape_of(operation, local));
    task.chunk = number_;
    const Region hidden = region(own.hidden, local), normed = region(own.normed, local), wide = region(own.wide, local),
                 projected = region(own.projected, local),
                 table = region(own.tables.at({block_.weights, stream}), {0, context_.sizes.steps}),
                 attn = region(own.attn, local, {0, context_.model.dit.num_heads});
    switch (operation.kind) {
      case OpKind::modulate:
        task.reads = {hidden, table}, task.writes = {normed};
        break;
      case OpKind::mlp_up:
        task.reads = {normed}, task.writes = {wide};
        break;
      case OpKind::mlp_down:
        task.reads = {wide}, task.writes = {projected};
        break;
      case OpKind::out_project:
        task.reads = {attn}, task.writes = {projected};
        break;
      default:
        task.reads = {projected, table, hidden}, task.writes = {hidden};
        break;  // gate
    }
    if (operation.kind == OpKind::out_project && accumulates()) task.reads.push_back(projected);
    if (needs_outputs(operation)) attention_.wait_for_outputs(task.waits, task.rank);
    if (last && stream == last_stream(member)) attention_.wait_for_readers(task.waits, task.rank);
    builder_.add(std::move(task));
  }

  static Shape shape_of(const Operation& operation, Range local) {
    if (operation.kind == OpKind::modulate || operation.kind == OpKind::gate)
      return ModulateShape{local.size(), 0, operation.shift, operation.scale, operation.gate};
    return GemmShape{local.size(), operation.in, operation.out};
  }

  // The MLP's share is in place before the attention's is added.
  bool accumulates() const {
    return std::any_of(block_.operations.begin(), block_.operations.end(),
                       [](const Operation& o) { return o.kind == OpKind::mlp_down && o.beside_attention; });
  }

  bool needs_outputs(const Operation& operation) const {
    return behind_attention_ &&
           (operation.kind == OpKind::out_project || (operation.beside_attention && !context_.pipeline.fill));
  }

  Stream last_stream(int member) const {
    Stream last{};
    for (const Stream stream : block_.streams)
      if (!split_.local_rows(member, stream).empty()) last = stream;
    return last;
  }

  Task make(OpKind kind, int member, Stream stream, Shape shape) const {
    if (auto* modulate = std::get_if<ModulateShape>(&shape)) modulate->width = context_.model.dit.hidden_size;
    return {.kind = kind,
            .stream = stream,
            .rank = rank(member),
            .shape = std::move(shape),
            .reads = {},
            .writes = {},
            .waits = {}};
  }

  const Context& context_;
  const DenoiseLayout& layout_;
  const Split& split_;
  const Block& block_;
  SegmentBuilder builder_;
  AttentionLowering attention_;
  bool behind_attention_ = false;
  std::map<OpKind, int> seen_;
  int number_ = -1;  // which of the block's operations of its kind: tasks of one rank differ in name
};

}  // namespace

Segment lower_block(const Context& context, const DenoiseLayout& layout, const Split& split,
                    const models::Block& block) {
  return BlockLowering(context, layout, split, block).lower();
}

}  // namespace pipedit::program::lowering
