#include "program/lower/denoise.h"

#include "models/hunyuanvideo/cost.h"

namespace pipedit::program::lowering {

namespace {

// Calls `emit(member, rank, buffers)` for every owner of rows.
template <class Emit>
void for_each_owner(const DenoiseLayout& layout, Emit emit) {
  const Split& split = layout.splits.front();
  for (int member = 0; member < split.count(); ++member)
    if (!split.rows[static_cast<std::size_t>(member)].empty())
      emit(member, split.members[static_cast<std::size_t>(member)],
           layout.at(split.members[static_cast<std::size_t>(member)]));
}

Task task(OpKind kind, Stream stream, Rank rank, Shape shape, std::vector<Region> reads, std::vector<Region> writes) {
  return {.kind = kind,
          .stream = stream,
          .rank = rank,
          .shape = std::move(shape),
          .reads = std::move(reads),
          .writes = std::move(writes),
          .waits = {}};
}

// All rows of a buffer whose rows are the steps.
Region steps_of(const Context& context, BufferId buffer) { return region(buffer, {0, context.sizes.steps}); }

}  // namespace

Segment lower_conditioning(const Context& context, const DenoiseLayout& layout, bool wait_for_weights) {
  SegmentBuilder builder("conditioning", "");
  const std::int64_t d = context.model.dit.hidden_size, steps = context.sizes.steps;
  for_each_owner(layout, [&](int member, Rank rank, const RankBuffers& buffers) {
    const Split& split = layout.splits.front();
    const Range video = split.stream_rows(member, Stream::video), text = split.stream_rows(member, Stream::text);
    std::vector<Wait> first;
    if (!context.pipeline.colocated())
      first.push_back(Tail{rank, Lane::hand});  // the latents before are still being handed over
    if (wait_for_weights) first.push_back(Tail{rank, Lane::copy});
    const auto add = [&](Task next) {
      next.waits = std::exchange(first, {});
      builder.add(std::move(next));
    };
    if (!video.empty())
      add(task(OpKind::draw_noise, Stream::joint, rank, RowsShape{video, context.sizes.patch_features, {}}, {},
               {region(buffers.latents, {0, video.size()})}));
    if (steps == 0) return;
    add(task(OpKind::condition, Stream::joint, rank, StepsShape{steps, context.model.dit.time_sinusoid, d}, {},
             {steps_of(context, buffers.vec)}));
    if (text.empty()) return;
    add(task(
        OpKind::refine_constants, Stream::joint, rank,
        RowsShape{
            {0, split.text_rows}, d, models::hunyuanvideo::refine_constants_work(context.model.dit, split.text_rows)},
        {}, {region(buffers.refiner_text, {0, split.text_rows}), region(buffers.refiner_mean, {0, 1})}));
  });
  return builder.take();
}

Segment lower_block_tables(const Context& context, const DenoiseLayout& layout, const models::Block& block) {
  SegmentBuilder builder(block.name + " modulation", block.weights);
  const std::int64_t d = context.model.dit.hidden_size;
  for_each_owner(layout, [&](int, Rank rank, const RankBuffers& buffers) {
    for (const Stream stream : block.streams) {
      const auto table = buffers.tables.find({block.weights, stream});
      if (table == buffers.tables.end()) continue;
      builder.add(task(OpKind::modulation, stream, rank, StepsShape{context.sizes.steps, d, block.table_vectors * d},
                       {steps_of(context, buffers.vec)}, {steps_of(context, table->second)}));
    }
  });
  return builder.take();
}

Segment lower_final_table(const Context& context, const DenoiseLayout& layout) {
  SegmentBuilder builder("final modulation", "final");
  const std::int64_t d = context.model.dit.hidden_size;
  for_each_owner(layout, [&](int member, Rank rank, const RankBuffers& buffers) {
    if (layout.splits.front().local_rows(member, Stream::video).empty()) return;
    builder.add(task(OpKind::modulation, Stream::joint, rank, StepsShape{context.sizes.steps, d, 2 * d},
                     {steps_of(context, buffers.vec)}, {steps_of(context, buffers.final_table)}));
  });
  return builder.take();
}

Segment lower_embed(const Context& context, const DenoiseLayout& layout) {
  SegmentBuilder builder("embed", "");
  const Split& split = layout.splits.front();
  const std::int64_t d = context.model.dit.hidden_size;
  for_each_owner(layout, [&](int member, Rank rank, const RankBuffers& buffers) {
    const Range video = split.local_rows(member, Stream::video), text = split.local_rows(member, Stream::text);
    if (!video.empty())
      builder.add(task(OpKind::embed_video, Stream::joint, rank,
                       GemmShape{video.size(), context.sizes.patch_features, d}, {region(buffers.latents, video)},
                       {region(buffers.hidden, video)}));
    if (text.empty()) return;
    const Range kept = split.stream_rows(member, Stream::text);
    builder.add(task(OpKind::refine, Stream::joint, rank,
                     RowsShape{{kept.begin - split.video_rows, kept.end - split.video_rows},
                               d,
                               models::hunyuanvideo::refine_work(context.model.dit, split.text_rows)},
                     {region(buffers.refiner_text, {0, split.text_rows}), region(buffers.refiner_mean, {0, 1})},
                     {region(buffers.hidden, text)}));
  });
  return builder.take();
}

Segment lower_final(const Context& context, const DenoiseLayout& layout) {
  SegmentBuilder builder("final layer", "final");
  const Split& split = layout.splits.front();
  const std::int64_t d = context.model.dit.hidden_size, features = context.sizes.patch_features;
  for_each_owner(layout, [&](int member, Rank rank, const RankBuffers& buffers) {
    const Range video = split.local_rows(member, Stream::video);
    if (video.empty()) return;
    builder.add(task(OpKind::final_layer, Stream::joint, rank, GemmShape{video.size(), d, features},
                     {region(buffers.hidden, video), steps_of(context, buffers.final_table)},
                     {region(buffers.velocity, video)}));
    builder.add(task(
        OpKind::scheduler_step, Stream::joint, rank, RowsShape{split.stream_rows(member, Stream::video), features, {}},
        {region(buffers.velocity, video), region(buffers.latents, video)}, {region(buffers.latents, video)}));
  });
  return builder.take();
}

}  // namespace pipedit::program::lowering
