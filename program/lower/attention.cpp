#include "program/lower/attention.h"

#include <algorithm>

namespace pipedit::program::lowering {

AttentionLowering::AttentionLowering(const Context& context, const DenoiseLayout& layout, const Split& split,
                                     SegmentBuilder& builder)
    : context_(context),
      layout_(layout),
      split_(split),
      builder_(builder),
      chunks_(split.shared() ? std::max<int>(1, static_cast<int>(context.pipeline.chunks.size())) : 1),
      groups_(split.shared() ? context.pipeline.row_groups : 1),
      attentions_(split.members.size()) {}

// Where a head's rows lie at their owner after packing.
Region AttentionLowering::packed_head(int member, int head, Payload payload, Range global_rows) const {
  const Rank rank = split_.members[static_cast<std::size_t>(member)];
  const RankBuffers& buffers = layout_.at(rank);
  const std::int64_t slot = split_.heads[static_cast<std::size_t>(member)].slot_of(head);
  if (slot >= 0) return region(buffers.in.at(payload), global_rows, {slot, slot + 1});
  const std::vector<int>& sent = layout_.sent.at(rank);
  const std::int64_t place = std::lower_bound(sent.begin(), sent.end(), head) - sent.begin();
  const std::int64_t first = split_.rows[static_cast<std::size_t>(member)].begin;
  return region(buffers.send.at(payload), {global_rows.begin - first, global_rows.end - first}, {place, place + 1});
}

namespace {

bool follows(const Region& a, const Region& b) {
  return a.buffer == b.buffer && a.rows == b.rows && a.slots.end == b.slots.begin;
}

}  // namespace

std::vector<Region> AttentionLowering::packed(int member, Stream stream, Payload payload) const {
  std::vector<Region> regions;
  for (int head = 0; head < context_.model.dit.num_heads; ++head) {
    const Region next = packed_head(member, head, payload, split_.stream_rows(member, stream));
    if (!regions.empty() && follows(regions.back(), next))
      regions.back().slots.end = next.slots.end;
    else
      regions.push_back(next);
  }
  return regions;
}

std::vector<int> AttentionLowering::chunk_heads(int member, int chunk) const {
  const HeadShare& share = split_.heads[static_cast<std::size_t>(member)];
  const Range whole = chunks_ == 1 ? share.whole : chunk_of(share.whole, context_.pipeline.chunks, chunk);
  HeadShare part{whole, {}};
  if (chunk + 1 == chunks_) part.piece = share.piece;
  return part.touched();
}

// Parts for the given heads of member `to` with the rows of member `from`: of v and k all rows, of q those that `to`
// computes.
void AttentionLowering::add_input_parts(Exchange& exchange, Payload payload, int from, int to,
                                        const std::vector<int>& heads) const {
  const HeadShare& share = split_.heads[static_cast<std::size_t>(to)];
  const Rank target_rank = split_.members[static_cast<std::size_t>(to)];
  std::vector<Part> parts;
  for (const int head : heads) {
    Range rows = split_.rows[static_cast<std::size_t>(from)];
    const std::int64_t slot = share.slot_of(head);
    const auto box = std::find_if(share.piece.begin(), share.piece.end(),
                                  [&](const AttentionItem& b) { return b.heads.begin == head; });
    if (payload == Payload::q && box != share.piece.end()) rows = intersect(rows, box->rows);
    if (rows.empty()) continue;
    const Part next{split_.members[static_cast<std::size_t>(from)], target_rank, packed_head(from, head, payload, rows),
                    region(layout_.at(target_rank).in.at(payload), rows, {slot, slot + 1})};
    if (!parts.empty() && follows(parts.back().source, next.source) && follows(parts.back().target, next.target)) {
      parts.back().source.slots.end = next.source.slots.end;
      parts.back().target.slots.end = next.target.slots.end;
    } else {
      parts.push_back(next);
    }
  }
  exchange.parts.insert(exchange.parts.end(), parts.begin(), parts.end());
}

void AttentionLowering::send(Payload payload, const SegmentBuilder::Ready& ready) {
  const int rounds = payload == Payload::q ? chunks_ : 1, members = split_.count();
  for (int chunk = 0; chunk < rounds; ++chunk) {
    Exchange exchange{.transport = context_.transport, .parts = {}};
    // Rotation: each member starts with its neighbour, so that nobody is sent to by all at once.
    for (int from = 0; from < members; ++from)
      for (int turn = 1; turn < members; ++turn) {
        const int to = (from + turn) % members;
        const auto& share = split_.heads[static_cast<std::size_t>(to)];
        add_input_parts(exchange, payload, from, to, payload == Payload::q ? chunk_heads(to, chunk) : share.touched());
      }
    const auto id = builder_.exchange(std::move(exchange), payload, split_.members, ready, Lane::send,
                                      payload == Payload::q ? chunk_label(chunk) : -1);
    if (payload == Payload::q)
      q_.push_back(id);
    else
      (payload == Payload::v ? v_ : k_) = id;
  }
}

// Whole heads of the chunk over the group's rows; the piece stands in the first group of the last chunk.
std::vector<AttentionItem> AttentionLowering::items(int member, int chunk, int group) const {
  const HeadShare& share = split_.heads[static_cast<std::size_t>(member)];
  const Range whole = chunks_ == 1 ? share.whole : chunk_of(share.whole, context_.pipeline.chunks, chunk);
  std::vector<AttentionItem> items;
  if (!whole.empty())
    for (const Range rows : group_rows(split_, member, groups_, group)) items.push_back({whole, rows});
  if (chunk + 1 == chunks_ && group == 0) items.insert(items.end(), share.piece.begin(), share.piece.end());
  return items;
}

Range AttentionLowering::slots_of(int member, const AttentionItem& item) const {
  const std::int64_t slot = split_.heads[static_cast<std::size_t>(member)].slot_of(static_cast<int>(item.heads.begin));
  return {slot, slot + item.heads.size()};
}

void AttentionLowering::attend(int member, int chunk, int group, const std::vector<AttentionItem>& items) {
  const Rank rank = split_.members[static_cast<std::size_t>(member)];
  const RankBuffers& buffers = layout_.at(rank);
  Task task{.kind = OpKind::attention,
            .chunk = chunk_label(chunk),
            .group = group_label(group),
            .rank = rank,
            .shape = AttentionShape{split_.total_rows(), context_.model.dit.head_dim, items},
            .reads = {},
            .writes = {},
            .waits = {}};
  for (const AttentionItem& item : items) {
    const Range slots = slots_of(member, item), all{0, split_.total_rows()};
    task.reads.push_back(region(buffers.in.at(Payload::q), item.rows, slots));
    task.reads.push_back(region(buffers.in.at(Payload::k), all, slots));
    task.reads.push_back(region(buffers.in.at(Payload::v), all, slots));
    task.writes.push_back(split_.shared() ? region(buffers.attended, item.rows, slots)
                                          : region(buffers.attn, item.rows, item.heads));
  }
  builder_.wait_for_arrival(task.waits, v_, rank);
  builder_.wait_for_arrival(task.waits, k_, rank);
  builder_.wait_for_arrival(task.waits, q_[static_cast<std::size_t>(chunk)], rank);
  attentions_[static_cast<std::size_t>(member)].push_back(builder_.add(std::move(task)));
}

// The rows of the items that a member owns: where they were computed and where the output projection reads them.
std::vector<AttentionLowering::Returned> AttentionLowering::returned(int from, int to,
                                                                     const std::vector<AttentionItem>& items) const {
  const Range owned = split_.rows[static_cast<std::size_t>(to)];
  const Rank source = split_.members[static_cast<std::size_t>(from)],
             target = split_.members[static_cast<std::size_t>(to)];
  std::vector<Returned> boxes;
  for (const AttentionItem& item : items) {
    const Range rows = intersect(item.rows, owned);
    if (rows.empty()) continue;
    boxes.push_back({region(layout_.at(source).attended, rows, slots_of(from, item)),
                     region(layout_.at(target).attn, {rows.begin - owned.begin, rows.end - owned.begin}, item.heads)});
  }
  return boxes;
}

void AttentionLowering::add_output_parts(Exchange& exchange, int from, const std::vector<AttentionItem>& items) const {
  const int members = split_.count();
  for (int turn = 1; turn < members; ++turn) {
    const int to = (from + turn) % members;
    for (const auto& [source, target] : returned(from, to, items))
      exchange.parts.push_back({split_.members[static_cast<std::size_t>(from)],
                                split_.members[static_cast<std::size_t>(to)], source, target});
  }
}

// All that the rank computed for itself, under the last transfer. On the send lane its kernel would wait
// for the multiprocessors that the next chunk's attention holds.
void AttentionLowering::keep_outputs(int member) {
  const HeadShare& share = split_.heads[static_cast<std::size_t>(member)];
  std::vector<AttentionItem> all = share.piece;
  if (!share.whole.empty()) all.push_back({share.whole, {0, split_.total_rows()}});
  Task task{.kind = OpKind::keep_outputs,
            .rank = split_.members[static_cast<std::size_t>(member)],
            .shape = {},
            .reads = {},
            .writes = {},
            .waits = {}};
  Bytes size;
  for (const auto& [source, target] : returned(member, member, all)) {
    task.reads.push_back(source);
    task.writes.push_back(target);
    size += Bytes{source.slots.size() * source.rows.size() * context_.model.dit.head_dim * size_of(context_.dtype)};
  }
  task.shape = BytesShape{size};
  if (!task.reads.empty()) builder_.add(std::move(task));
}

void AttentionLowering::return_outputs(int chunk, int group, const std::vector<std::vector<AttentionItem>>& items) {
  Exchange exchange{.transport = context_.transport, .parts = {}};
  SegmentBuilder::Ready ready{std::vector<std::optional<TaskId>>(items.size())};
  for (std::size_t member = 0; member < items.size(); ++member) {
    add_output_parts(exchange, static_cast<int>(member), items[member]);
    if (!items[member].empty()) ready.by_member[member] = attentions_[member].back();
  }
  o_.push_back(builder_.exchange(std::move(exchange), Payload::o, split_.members, ready, Lane::send, chunk_label(chunk),
                                 group_label(group)));
}

void AttentionLowering::attend() {
  for (int chunk = 0; chunk < chunks_; ++chunk)
    for (int group = 0; group < groups_; ++group) {
      std::vector<std::vector<AttentionItem>> all;
      for (int member = 0; member < split_.count(); ++member) {
        all.push_back(items(member, chunk, group));
        if (!all.back().empty()) attend(member, chunk, group, all.back());
      }
      if (split_.shared()) return_outputs(chunk, group, all);
    }
  for (int member = 0; split_.shared() && member < split_.count(); ++member) keep_outputs(member);
}

void AttentionLowering::wait_for_outputs(std::vector<Wait>& waits, Rank rank) const {
  for (const auto& exchange : o_) builder_.wait_for_arrival(waits, exchange, rank);
}

void AttentionLowering::wait_for_readers(std::vector<Wait>& waits, Rank rank) const {
  for (std::size_t member = 0; member < attentions_.size(); ++member)
    if (split_.members[member] != rank && !attentions_[member].empty())
      waits.push_back(TaskDone{attentions_[member].back()});
}

}  // namespace pipedit::program::lowering
