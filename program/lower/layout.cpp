#include <algorithm>
#include <set>

#include "program/lower/context.h"

namespace pipedit::program::lowering {

Sizes sizes_of(const models::Model& model, const RequestShape& shape) {
  const auto& patch = model.dit.patch_size;
  Sizes sizes;
  sizes.latent_frames = (shape.frames - 1) / models::kTimeCompression + 1;
  sizes.latent_rows = shape.height / models::kSpaceCompression;
  sizes.latent_columns = shape.width / models::kSpaceCompression;
  sizes.video_rows =
      sizes.latent_frames / patch[0] * (sizes.latent_rows / patch[1]) * (sizes.latent_columns / patch[2]);
  sizes.text_rows = shape.text_tokens;
  sizes.patch_features = model.dit.patch_features();
  sizes.steps = shape.steps;
  return sizes;
}

Region region(BufferId buffer, Range rows, Range slots) { return {buffer, slots, rows}; }

namespace {

Split split_of(const Context& context, int helpers) {
  const int owners = static_cast<int>(context.pipeline.denoise.size());
  Split split;
  split.members = context.pipeline.denoise;
  split.members.insert(split.members.end(), context.pipeline.decode.begin(), context.pipeline.decode.begin() + helpers);
  split.video_rows = context.sizes.video_rows;
  split.text_rows = context.sizes.text_rows;
  split.row_tile = context.row_tile;
  split.rows = split_rows(split.total_rows(), owners);
  split.rows.resize(split.members.size());
  split.heads = split_heads(static_cast<int>(context.model.dit.num_heads), split.total_rows(), split.row_tile, owners,
                            helpers, context.pipeline.lent_heads);
  return split;
}

class Allocator {
 public:
  Allocator(const Context& context, BufferTable& table, Rank rank) : context_(context), table_(table), rank_(rank) {}

  BufferId rows(const char* role, std::int64_t rows, std::int64_t elements, DType type, Phase phase = Phase::denoise) {
    return add(role, {.rows = rows, .elements = elements, .type = type}, phase);
  }
  BufferId heads(const std::string& role, std::int64_t heads, std::int64_t rows, Layout layout = Layout::slot_major) {
    return add(role, {heads, rows, context_.model.dit.head_dim, context_.dtype, layout}, Phase::denoise);
  }
  BufferId table(const std::string& role, std::int64_t vectors, std::int64_t copies) {
    const Extent extent{
        .rows = context_.sizes.steps, .elements = vectors * context_.model.dit.hidden_size, .type = context_.dtype};
    return table_.add({.role = role,
                       .rank = rank_,
                       .extent = extent,
                       .copies = static_cast<int>(copies),
                       .copy_by = copies > 1 ? CopyBy::block : CopyBy::none,
                       .phase = Phase::denoise,
                       .offset = {}},
                      context_.request_shape);
  }

 private:
  BufferId add(const std::string& role, Extent extent, Phase phase) {
    return table_.add({.role = role, .rank = rank_, .extent = extent, .phase = phase, .offset = {}},
                      context_.request_shape);
  }
  const Context& context_;
  BufferTable& table_;
  Rank rank_;
};

// Activations of a rank that owns rows.
void add_rows(const Context& context, Allocator& make, const Split& split, int member, RankBuffers& buffers) {
  const auto& dit = context.model.dit;
  const std::int64_t rows = split.rows[static_cast<std::size_t>(member)].size();
  const std::int64_t video = split.local_rows(member, Stream::video).size();
  const std::int64_t text = split.local_rows(member, Stream::text).size();
  buffers.vec = make.rows("vec", context.sizes.steps, dit.hidden_size, DType::f32);
  if (text > 0) {
    buffers.refiner_text = make.rows("refiner_text", split.text_rows, dit.hidden_size, context.dtype);
    buffers.refiner_mean = make.rows("refiner_mean", 1, dit.hidden_size, DType::f32);
  }
  if (video > 0) {
    buffers.final_table = make.table("final_table", 2, 1);
    buffers.velocity = make.rows("velocity", video, context.sizes.patch_features, DType::f32);
  }
  for (const models::Block& block : context.blocks)
    for (const Stream stream : block.streams)
      if (!split.local_rows(member, stream).empty())
        buffers.tables[{block.weights, stream}] =
            make.table(block.weights + "_table", block.table_vectors, block.count);
  buffers.hidden = make.rows("hidden", rows, dit.hidden_size, context.dtype);
  buffers.normed = make.rows("normed", rows, dit.hidden_size, context.dtype);
  buffers.projected = make.rows("projected", rows, dit.hidden_size, context.dtype);
  buffers.wide = make.rows("wide", rows, dit.mlp_width, context.dtype);
  buffers.attn = make.heads("attn", dit.num_heads, rows, Layout::row_major);
}

// Heads that the member does not touch under some alternative: their rows are packed to be sent.
std::vector<int> heads_sent(const DenoiseLayout& layout, int member, std::int64_t heads) {
  std::set<int> sent;
  for (const Split& split : layout.splits)
    for (int head = 0; head < heads; ++head)
      if (split.heads[static_cast<std::size_t>(member)].slot_of(head) < 0) sent.insert(head);
  return {sent.begin(), sent.end()};
}

std::int64_t slots_needed(const DenoiseLayout& layout, int member) {
  std::size_t most = 0;
  for (const Split& split : layout.splits)
    if (member < split.count()) most = std::max(most, split.heads[static_cast<std::size_t>(member)].touched().size());
  return static_cast<std::int64_t>(most);
}

std::string role_of(Payload payload, const char* suffix) { return std::string(name_of(payload)) + suffix; }

}  // namespace

DenoiseLayout denoise_layout(const Context& context, BufferTable& table) {
  DenoiseLayout layout;
  layout.splits.push_back(split_of(context, 0));
  if (context.pipeline.lent_heads > 0)
    layout.splits.push_back(split_of(context, static_cast<int>(context.pipeline.decode.size())));
  const Split& widest = layout.splits.back();
  for (int member = 0; member < widest.count(); ++member) {
    const Rank rank = widest.members[static_cast<std::size_t>(member)];
    const std::int64_t rows = widest.rows[static_cast<std::size_t>(member)].size();
    Allocator make(context, table, rank);
    RankBuffers& buffers = layout.buffers[rank];
    const std::int64_t video = widest.local_rows(member, Stream::video).size();
    if (video > 0)
      buffers.latents = make.rows("latents", video, context.sizes.patch_features, DType::f32, Phase::always);
    if (context.sizes.steps == 0) continue;
    if (rows > 0) add_rows(context, make, widest, member, buffers);
    std::vector<int>& sent = layout.sent[rank];
    if (rows > 0) sent = heads_sent(layout, member, context.model.dit.num_heads);
    const std::int64_t slots = slots_needed(layout, member);
    for (const Payload payload : {Payload::v, Payload::k, Payload::q}) {
      if (slots > 0) buffers.in[payload] = make.heads(role_of(payload, "_in"), slots, widest.total_rows());
      if (!sent.empty())
        buffers.send[payload] = make.heads(role_of(payload, "_send"), static_cast<std::int64_t>(sent.size()), rows);
    }
    if (slots > 0 && widest.shared()) buffers.attended = make.heads("attended", slots, widest.total_rows());
  }
  return layout;
}

}  // namespace pipedit::program::lowering
