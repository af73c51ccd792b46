#include "bench/floors/floor.h"

#include <algorithm>
#include <map>

#include "core/error.h"
#include "program/op_cost.h"

namespace pipedit::bench {

namespace {

using program::OpKind;

// Linear layers and attention in the middle of the decoder: all of a tile's work that is no convolution.
Flops middle_work(const program::TileShape& tile, std::int64_t channels) {
  const std::int64_t frame = tile.rows.size() * tile.columns.size(), frames = tile.frames.size();
  return Flops{8 * channels * channels * frame * frames + 4 * channels * frame * frame * frames * (frames + 1) / 2};
}

Nanos at_rate(Flops work, const std::vector<Rate>& rates) { return work / FlopsPerSecond{best(rates).per_second}; }
Nanos at_rate(Bytes moved, const Rates& rates) { return moved / BytesPerSecond{best(rates.copies).per_second}; }

Bytes moved_by_exchange(const program::Program& program, const program::Segment& segment, const program::Task& task) {
  Bytes moved;
  const auto& exchange = segment.exchanges[index(std::get<program::ExchangeShape>(task.shape).exchange)];
  for (const program::Part& part : exchange.parts) moved += bytes_of(program, part.source) * 2;
  return moved;
}

std::string kind_of(const program::Program& program, const program::Task& task) {
  std::string kind(program::name_of(task.kind));
  if (task.kind != OpKind::exchange) kind = op_cost(program, task).kind;
  if (task.stream != models::Stream::joint) kind += " " + std::string(models::name_of(task.stream));
  return kind;
}

const Occurrence& last_occurrence(const Timeline& timeline, const std::string& unit) {
  for (auto at = timeline.occurrences.rbegin(); at != timeline.occurrences.rend(); ++at)
    if (at->unit == unit) return *at;
  throw Error("the run has no unit " + unit);
}

}  // namespace

Nanos floor_of(const models::VaeConfig& vae, const program::Program& program, const program::Task& task,
               const Rates& rates) {
  const program::OpCost cost = op_cost(program, task);
  if (const auto* tile = std::get_if<program::TileShape>(&task.shape))
    return at_rate(cost.flops - middle_work(*tile, vae.block_out_channels.back()), rates.convolutions);
  const auto& arithmetic = task.kind == OpKind::attention ? rates.attention : rates.products;
  return std::max(at_rate(cost.flops, arithmetic), at_rate(cost.moved, rates));
}

UnitReport unit_report(const models::VaeConfig& vae, const program::Program& program, const Timeline& timeline,
                       const std::string& unit, const Rates& rates) {
  const Occurrence& occurrence = last_occurrence(timeline, unit);
  const Pattern& pattern = timeline.patterns[index(occurrence.pattern)];
  UnitReport report{.unit = unit, .kinds = {}};
  std::map<std::string, KindSum> kinds;
  Nanos first = Nanos::max(), last{0};
  for (const Span& span : pattern.spans) {
    const auto& segment = program.segment(pattern.calls[static_cast<std::size_t>(span.call)].segment);
    const program::Task& task = segment.tasks[index(span.task)];
    if (task.lane == program::Lane::writer) continue;  // hands out results beside the computation
    const Nanos floor = task.kind == OpKind::exchange ? at_rate(moved_by_exchange(program, segment, task), rates)
                                                      : floor_of(vae, program, task, rates);
    KindSum& sum = kinds[kind_of(program, task)];
    ++sum.tasks;
    sum.time += span.end - span.start;
    sum.floor += floor;
    report.floor += floor;
    if (const auto* tile = std::get_if<program::TileShape>(&task.shape)) report.traffic += at_rate(tile->moved, rates);
    first = std::min(first, span.start);
    last = std::max(last, span.end);
  }
  report.time = last - first;
  for (auto& [kind, sum] : kinds) report.kinds.push_back({kind, sum.tasks, sum.time, sum.floor});
  std::stable_sort(report.kinds.begin(), report.kinds.end(),
                   [](const KindSum& a, const KindSum& b) { return a.time > b.time; });
  return report;
}

}  // namespace pipedit::bench
