#include "program/lower/decode.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/error.h"
#include "models/hunyuanvideo/cost.h"
#include "models/hunyuanvideo/tiling.h"

namespace pipedit::program::lowering {

namespace {

using models::hunyuanvideo::Tile;
using models::hunyuanvideo::TileLayer;
using models::hunyuanvideo::TilePlan;

constexpr std::int64_t kColours = 3;

TilePlan tiles_of(const Context& context) try {
  return models::hunyuanvideo::tile_plan(context.model.vae, context.sizes.latent_frames, context.sizes.latent_rows,
                                         context.sizes.latent_columns);
} catch (Error& e) {
  e.add_context("model " + context.model.name);
  throw;
}

std::int64_t work_of(const Tile& tile) { return tile.t.size() * tile.y.size() * tile.x.size(); }

// Longest first, each to the rank with the least work so far; ties to the earlier tile and rank. A rank decodes its
// tiles in the order of the video, so that early layers can be blended early.
std::vector<std::vector<int>> deal(const std::vector<Tile>& tiles, std::size_t ranks) {
  std::vector<int> order(tiles.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return work_of(tiles[static_cast<std::size_t>(a)]) > work_of(tiles[static_cast<std::size_t>(b)]);
  });
  std::vector<std::vector<int>> dealt(ranks);
  std::vector<std::int64_t> load(ranks, 0);
  for (const int tile : order) {
    const auto least = static_cast<std::size_t>(std::min_element(load.begin(), load.end()) - load.begin());
    load[least] += work_of(tiles[static_cast<std::size_t>(tile)]);
    dealt[least].push_back(tile);
  }
  for (std::vector<int>& own : dealt) std::sort(own.begin(), own.end());
  return dealt;
}

// Pixels of the largest tile: rows are colour planes of frames.
Extent tile_extent(const Context& context, const TilePlan& plan, std::size_t slots) {
  Extent extent{.slots = static_cast<std::int64_t>(slots), .rows = 0, .elements = 0, .type = context.dtype};
  for (const Tile& tile : plan.tiles) {
    const std::int64_t pixels = tile.y.size() * tile.x.size() * models::kSpaceCompression * models::kSpaceCompression;
    extent.rows = std::max(extent.rows, kColours * models::hunyuanvideo::decoded_frames(tile.t.size()));
    extent.elements = std::max(extent.elements, pixels);
  }
  return extent;
}

std::int64_t tile_rows(const Tile& tile) { return kColours * models::hunyuanvideo::decoded_frames(tile.t.size()); }

}  // namespace

DecodeLayout decode_layout(const Context& context, BufferTable& table) {
  const std::vector<Rank>& ranks = context.pipeline.decode;
  const TilePlan plan = tiles_of(context);
  DecodeLayout layout;
  layout.dealt = deal(plan.tiles, ranks.size());
  const auto add = [&](std::string role, Rank rank, Extent extent, Phase phase, int copies = 1,
                       Place place = Place::device) {
    return table.add({.role = std::move(role),
                      .rank = rank,
                      .place = place,
                      .extent = extent,
                      .copies = copies,
                      .copy_by = copies > 1 ? CopyBy::latent_slot : CopyBy::none,
                      .phase = phase,
                      .offset = {}},
                     context.request_shape);
  };
  const int slots = context.pipeline.colocated() ? 1 : context.pipeline.latent_slots;
  const Extent latent{.rows = context.sizes.video_rows, .elements = context.sizes.patch_features};
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    layout.latent.push_back(add("latent", ranks[i], latent, Phase::always, slots));
    const std::size_t held = i == 0 ? plan.tiles.size() : layout.dealt[i].size();
    layout.tiles.push_back(held == 0 ? BufferId{-1}
                                     : add("tiles", ranks[i], tile_extent(context, plan, held), Phase::decode));
  }
  const std::int64_t pixels = plan.height * plan.width;
  const std::int64_t blended = models::hunyuanvideo::time_tiling(context.model.vae).blend;
  layout.tail = add("tail", ranks.front(), {.rows = kColours * blended, .elements = pixels, .type = context.dtype},
                    Phase::decode);
  layout.frames = add("frames", ranks.front(), {.rows = plan.frames, .elements = pixels * kColours, .type = DType::u8},
                      Phase::always, 1, Place::pinned);
  return layout;
}

Segment lower_latent_exchange(const Context& context, const DenoiseLayout& denoise, const DecodeLayout& decode) {
  const bool gather = context.pipeline.colocated();
  SegmentBuilder builder(gather ? "gather" : "hand", "");
  // A rendezvous would wait for the receiver's draw, so a latent is handed over by its sender alone.
  const Transport hand = context.transport == Transport::host ? Transport::host : Transport::peer;
  Exchange exchange{.transport = gather ? context.transport : hand, .parts = {}};
  const Split& split = denoise.splits.front();
  const std::vector<Rank>& receivers = context.pipeline.decode;
  const auto count = static_cast<int>(receivers.size());
  for (int from = 0; from < split.count(); ++from) {
    const Range rows = split.stream_rows(from, Stream::video);
    const Rank sender = split.members[static_cast<std::size_t>(from)];
    for (int turn = 1; turn <= count && !rows.empty(); ++turn) {
      const auto to = static_cast<std::size_t>((from + turn) % count);
      exchange.parts.push_back({sender, receivers[to], region(denoise.at(sender).latents, {0, rows.size()}),
                                region(decode.latent[to], rows)});
    }
  }
  std::vector<Rank> members = split.members;
  if (!gather) members.insert(members.end(), receivers.begin(), receivers.end());
  builder.exchange(std::move(exchange), Payload::latent, members, {}, gather ? Lane::send : Lane::hand);
  return builder.take();
}

namespace {

// The decode of one video by a group.
class DecodeLowering {
 public:
  DecodeLowering(const Context& context, const DecodeLayout& layout)
      : context_(context),
        layout_(layout),
        plan_(tiles_of(context)),
        builder_("decode", "vae"),
        dealt_(plan_.tiles.size()),
        arrivals_(plan_.tiles.size()) {
    for (std::size_t member = 0; member < layout_.dealt.size(); ++member)
      for (std::size_t place = 0; place < layout_.dealt[member].size(); ++place)
        dealt_[static_cast<std::size_t>(layout_.dealt[member][place])] = {member, static_cast<std::int64_t>(place)};
  }

  // In the order of the video on every rank: a host is held up by what it enqueues, such as messages that are awaited.
  // The blending rank decodes one layer ahead of its blending, so that the others' tiles have arrived.
  Segment lower(bool wait_for_weights) {
    save_latent();
    std::size_t tile = 0;
    for (std::size_t layer = 0; layer < plan_.layers.size(); ++layer) {
      const std::size_t ahead = layer_end(std::min(layer + 1, plan_.layers.size() - 1));
      for (; tile < ahead; ++tile) decode(static_cast<int>(tile), wait_for_weights);
      blend(layer);
    }
    return builder_.take();
  }

 private:
  Rank rank(std::size_t member) const { return context_.pipeline.decode[member]; }
  std::size_t layer_end(std::size_t layer) const {
    const TileLayer& l = plan_.layers[layer];
    return static_cast<std::size_t>(l.first_tile + l.rows * l.columns);
  }

  Task task(OpKind kind, Rank rank, Lane lane, Shape shape) const {
    return {
        .kind = kind, .rank = rank, .lane = lane, .shape = std::move(shape), .reads = {}, .writes = {}, .waits = {}};
  }

  void save_latent() {
    const Range rows{0, context_.sizes.video_rows};
    Task save = task(OpKind::save_latent, rank(0), Lane::writer, RowsShape{rows, context_.sizes.patch_features, {}});
    save.reads = {region(layout_.latent[0], rows)};
    saved_ = builder_.add(std::move(save));
  }

  TaskId decode_tile(std::size_t member, int tile, std::int64_t slot, bool wait_for_weights) {
    const Tile& box = plan_.tiles[static_cast<std::size_t>(tile)];
    const auto cost = models::hunyuanvideo::tile_cost(context_.model.vae, box.t.size(), box.y.size(), box.x.size(),
                                                      size_of(context_.dtype));
    Task decode =
        task(OpKind::decode_tile, rank(member), Lane::compute,
             TileShape{box.t, box.y, box.x, context_.model.vae.latent_channels, cost.work, cost.moved, cost.workspace});
    decode.chunk = tile;
    decode.reads = {region(layout_.latent[member], {0, context_.sizes.video_rows})};
    decode.writes = {region(layout_.tiles[member], {0, tile_rows(box)}, {slot, slot + 1})};
    if (wait_for_weights) decode.waits = {Tail{rank(member), Lane::copy}};
    return builder_.add(std::move(decode));
  }

  // Where it was dealt to, and sent to the rank that blends.
  void decode(int tile, bool wait_for_weights) {
    const auto [member, place] = dealt_[static_cast<std::size_t>(tile)];
    const std::int64_t slot = member == 0 ? tile : place;  // the blending rank has one for every tile
    const TaskId decoded = decode_tile(member, tile, slot, wait_for_weights);
    if (member != 0) send_tile(member, tile, slot, decoded);
  }

  void send_tile(std::size_t member, int tile, std::int64_t slot, TaskId decoded) {
    const Range rows{0, tile_rows(plan_.tiles[static_cast<std::size_t>(tile)])};
    Exchange exchange{.transport = context_.transport,
                      .parts = {{rank(member), rank(0), region(layout_.tiles[member], rows, {slot, slot + 1}),
                                 region(layout_.tiles[0], rows, {tile, tile + 1})}}};
    arrivals_[static_cast<std::size_t>(tile)] =
        builder_.exchange(std::move(exchange), Payload::tile, {rank(member), rank(0)}, {{decoded}}, Lane::send, tile);
  }

  void blend(std::size_t index) {
    const TileLayer& layer = plan_.layers[index];
    const LayerShape shape{static_cast<int>(index),
                           layer.frames,
                           plan_.height,
                           plan_.width,
                           static_cast<int>(layer.rows),
                           static_cast<int>(layer.columns),
                           index + 1 == plan_.layers.size()};
    Task blend = task(OpKind::blend, rank(0), Lane::compute, shape);
    blend.chunk = static_cast<int>(index);
    for (std::size_t tile = static_cast<std::size_t>(layer.first_tile); tile < layer_end(index); ++tile) {
      const auto slot = static_cast<std::int64_t>(tile);
      blend.reads.push_back(region(layout_.tiles[0], {0, tile_rows(plan_.tiles[tile])}, {slot, slot + 1}));
      builder_.wait_for_arrival(blend.waits, arrivals_[tile], rank(0));
    }
    const Region tail = region(layout_.tail, {0, tail_rows()}), frames = region(layout_.frames, layer.frames);
    if (index > 0) blend.reads.push_back(tail);
    blend.writes = {frames};
    if (index + 1 < plan_.layers.size()) blend.writes.push_back(tail);
    if (index == 0) blend.waits.push_back(Tail{rank(0), Lane::writer});  // frames of the video before are being written
    if (index + 1 == plan_.layers.size())
      blend.waits.push_back(TaskDone{saved_});  // so that the latent's slot may be used again
    const TaskId blended = builder_.add(std::move(blend));
    Task write = task(OpKind::write_frames, rank(0), Lane::writer, shape);
    write.chunk = static_cast<int>(index);
    write.reads = {frames};
    write.waits = {TaskDone{blended}};
    builder_.add(std::move(write));
  }

  std::int64_t tail_rows() const { return kColours * models::hunyuanvideo::time_tiling(context_.model.vae).blend; }

  const Context& context_;
  const DecodeLayout& layout_;
  TilePlan plan_;
  SegmentBuilder builder_;
  std::vector<std::pair<std::size_t, std::int64_t>> dealt_;  // by tile: who decodes it, and its place among theirs
  std::vector<std::optional<ExchangeId>> arrivals_;
  TaskId saved_{};
};

}  // namespace

Segment lower_decode(const Context& context, const DecodeLayout& layout, bool wait_for_weights) {
  return DecodeLowering(context, layout).lower(wait_for_weights);
}

}  // namespace pipedit::program::lowering
