#include "planner/step_floor.h"

#include <algorithm>

#include "planner/device_work.h"
#include "program/lower/context.h"

namespace pipedit::planner {

using program::AttentionItem;
using program::OpKind;
using program::Task;

namespace lowering = program::lowering;

namespace {

const program::Alternative& plain_step(const program::Program& program, std::size_t shape) {
  const std::vector<program::Unit>& script = program.actors.front().scripts[shape];
  return std::ranges::find(script, program::UnitKind::step, &program::Unit::kind)->alternatives.front();
}

// What a rank's task of an exchange takes at least.
Nanos sending(const program::Program& program, const program::Segment& segment, const Task& task,
              const simulator::CostModel& costs) {
  const auto& shape = std::get<program::ExchangeShape>(task.shape);
  const program::Exchange& exchange = segment.exchanges[index(shape.exchange)];
  const bool cut = shape.payload != program::Payload::v && shape.payload != program::Payload::k;
  if (cut || program::reading_of(exchange.transport) != program::Reading::in_turn) return Nanos{0};
  Nanos sum{0};
  for (const program::Part& part : exchange.parts)
    if (part.from == task.rank) sum += costs.part(program, exchange.transport, part).time;
  return sum;
}

}  // namespace

StepFloor::StepFloor(const models::Model& model, const Workload& workload, std::size_t request_shape,
                     const program::Program& plainest, const Pipeline& pipeline, const Cluster& cluster,
                     const simulator::CostModel& costs)
    : program_(plainest),
      pipeline_(pipeline),
      cluster_(cluster),
      costs_(costs),
      other_(plainest.devices.size()),
      kept_(other_) {
  const lowering::Sizes sizes = lowering::sizes_of(model, workload.shapes[request_shape]);
  heads_ = static_cast<int>(model.dit.num_heads);
  video_rows_ = sizes.video_rows;
  text_rows_ = sizes.text_rows;
  row_tile_ = program::attention_row_tile(cluster.devices.front().kind);
  std::vector<Nanos> sends(other_.size());
  for (const program::Call& call : plain_step(plainest, request_shape).calls) {
    const int calls = std::max(1, call.blocks);
    const program::Segment& segment = plainest.segment(call.segment);
    for (const Task& task : segment.tasks) {
      if (task.kind == OpKind::exchange)
        sends[index(task.rank)] += sending(plainest, segment, task, costs) * calls;
      else if (task.kind != OpKind::attention && task.lane == program::Lane::compute)
        (task.kind == OpKind::keep_outputs ? kept_ : other_)[index(task.rank)] +=
            costs.task(plainest, task).time * calls;
    }
    const auto attention = std::ranges::find(segment.tasks, OpKind::attention, &Task::kind);
    if (attention != segment.tasks.end()) pattern_ = &*attention, blocks_ += calls;
  }
  sending_ = *std::ranges::max_element(sends);
}

bool StepFloor::is_helped(const Split& split) const { return split.members.size() > pipeline_.denoise.size(); }

const lowering::Split& StepFloor::split(int lent_heads) const {
  const auto known = splits_.find(lent_heads);
  if (known != splits_.end()) return known->second;
  const int owners = static_cast<int>(pipeline_.denoise.size());
  const int helpers = lent_heads > 0 ? static_cast<int>(pipeline_.decode.size()) : 0;
  Split split;
  split.members = pipeline_.denoise;
  split.members.insert(split.members.end(), pipeline_.decode.begin(), pipeline_.decode.begin() + helpers);
  split.video_rows = video_rows_;
  split.text_rows = text_rows_;
  split.row_tile = row_tile_;
  split.rows = lowering::split_rows(split.total_rows(), owners);
  split.rows.resize(split.members.size());
  split.heads = lowering::split_heads(heads_, split.total_rows(), row_tile_, owners, helpers, lent_heads);
  return splits_.emplace(lent_heads, std::move(split)).first->second;
}

Nanos StepFloor::attention(Rank rank, const Items& items) const {
  if (items.empty()) return Nanos{0};
  Task task = *pattern_;
  const std::vector<program::Region> reads = task.reads;
  const program::Region write = task.writes.front();
  const auto& shape = std::get<program::AttentionShape>(pattern_->shape);
  task.rank = rank;
  task.shape = program::AttentionShape{shape.key_rows, shape.head_dim, items};
  task.reads.clear(), task.writes.clear();
  for (const AttentionItem& item : items) {
    const Range slots{0, item.heads.size()}, all{0, shape.key_rows};
    task.reads.push_back({reads[0].buffer, slots, item.rows});
    task.reads.push_back({reads[1].buffer, slots, all});
    task.reads.push_back({reads[2].buffer, slots, all});
    task.writes.push_back({write.buffer, slots, item.rows});
  }
  return costs_.task(program_, task).time;
}

Nanos StepFloor::chunk(const Split& split, int member, std::int64_t whole, bool with_piece, int row_groups) const {
  const int lent = is_helped(split) ? static_cast<int>(split.heads.back().whole.size()) : 0;
  const auto key = std::tuple(lent, member, whole, with_piece, row_groups);
  const auto known = chunks_.find(key);
  if (known != chunks_.end()) return known->second;
  const lowering::HeadShare& share = split.heads[static_cast<std::size_t>(member)];
  Nanos sum{0};
  for (int group = 0; group < row_groups; ++group) {
    Items items;
    if (whole > 0)
      for (const Range rows : lowering::group_rows(split, member, row_groups, group))
        items.push_back({{0, whole}, rows});
    if (with_piece && group == 0) items.insert(items.end(), share.piece.begin(), share.piece.end());
    sum += attention(split.members[static_cast<std::size_t>(member)], items);
  }
  chunks_.emplace(key, sum);
  return sum;
}

Nanos StepFloor::member(const Split& split, int member, const Details& details) const {
  const int chunks = split.shared() ? std::max(1, static_cast<int>(details.chunks.size())) : 1;
  const int groups = split.shared() ? details.row_groups : 1;
  Nanos sum{0};
  for (int i = 0; i < chunks; ++i) {
    const Range all = split.heads[static_cast<std::size_t>(member)].whole;
    const Range whole = chunks == 1 ? all : lowering::chunk_of(all, details.chunks, i);
    sum += chunk(split, member, whole.size(), i + 1 == chunks, groups);
  }
  return sum;
}

Nanos StepFloor::other(const Split& split, int member) const {
  const std::size_t rank = index(split.members[static_cast<std::size_t>(member)]);
  if (member >= static_cast<int>(pipeline_.denoise.size())) return Nanos{0};
  return other_[rank] + (is_helped(split) ? Nanos{0} : kept_[rank]);
}

StepTime StepFloor::busiest(const Split& split, const std::vector<Nanos>& by_member) const {
  std::map<DeviceId, Nanos> work;
  for (std::size_t i = 0; i < by_member.size(); ++i) work[cluster_.device_of(split.members[i])] += by_member[i];
  StepTime step;
  for (const auto& [device, sum] : work) step.work = std::max(step.work, least_time(cluster_, device, sum));
  step.time = std::max(step.work, *std::ranges::max_element(by_member));
  if (!is_helped(split)) step.time = std::max(step.time, sending_);
  return step;
}

StepTime StepFloor::step(const Details& details, bool lent) const {
  const Split& shares = split(lent ? details.lent_heads : 0);
  std::vector<Nanos> by_member;
  for (int i = 0; i < shares.count(); ++i) by_member.push_back(other(shares, i) + member(shares, i, details) * blocks_);
  return busiest(shares, by_member);
}

// least[n]: of n whole heads in as many chunks as were gone through, the last with the piece.
Nanos StepFloor::least_member(const Split& split, int member, int row_groups) const {
  const std::int64_t whole = split.heads[static_cast<std::size_t>(member)].whole.size();
  std::vector<Nanos> least;
  for (std::int64_t n = 0; n <= whole; ++n) least.push_back(chunk(split, member, n, true, row_groups));
  for (int chunks = 2; split.shared() && chunks <= kMostChunks; ++chunks) {
    std::vector<Nanos> next = least;
    for (std::int64_t n = 0; n <= whole; ++n)
      for (std::int64_t first = 1; first <= n; ++first)
        next[static_cast<std::size_t>(n)] =
            std::min(next[static_cast<std::size_t>(n)],
                     chunk(split, member, first, false, row_groups) + least[static_cast<std::size_t>(n - first)]);
    least = std::move(next);
  }
  return least.back();
}

StepTime StepFloor::least_step(int lent_heads, bool lent) const {
  const Split& shares = split(lent ? lent_heads : 0);
  std::vector<Nanos> by_member;
  for (int i = 0; i < shares.count(); ++i) {
    Nanos attention = Nanos::max();
    for (const int groups : kRowGroups)
      if (groups == 1 || shares.shared()) attention = std::min(attention, least_member(shares, i, groups));
    by_member.push_back(other(shares, i) + attention * blocks_);
  }
  return busiest(shares, by_member);
}

}  // namespace pipedit::planner
