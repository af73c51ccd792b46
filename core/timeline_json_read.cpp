#include <fmt/format.h>

#include "core/json.h"
#include "core/json_columns.h"
#include "core/timeline.h"
#include "core/timeline_json.h"

namespace pipedit {

namespace {

constexpr std::int64_t kMost = INT32_MAX;                   // of ids and counts
constexpr std::int64_t kLongest = 100'000'000'000'000'000;  // three years in ns; sums of a few stay far from overflow
constexpr std::int64_t kMostBytes = std::int64_t{1} << 60;

std::int64_t last_of(std::size_t size) { return static_cast<std::int64_t>(size) - 1; }

std::vector<TaskName> read_tasks(Columns columns, std::size_t ranks) {
  const auto names = columns.strings("names"), kinds = columns.strings("kinds"), lanes = columns.strings("lanes");
  const auto rank = columns.integers("ranks", 0, last_of(ranks));
  columns.finish();
  std::vector<TaskName> tasks;
  for (std::size_t i = 0; i < names.size(); ++i)
    tasks.push_back({names[i], kinds[i], Rank{static_cast<int>(rank[i])}, lanes[i]});
  return tasks;
}

SegmentNames read_segment(Fields& fields, std::size_t ranks) {
  SegmentNames segment{.name = fields.string("name"), .tasks = read_tasks(Columns(fields.object("tasks")), ranks)};
  fields.finish();
  return segment;
}

std::vector<PatternCall> read_calls(Columns columns, std::size_t segments) {
  const auto segment = columns.integers("segments", 0, last_of(segments));
  const auto block = columns.integers("blocks", -1, kMost);
  columns.finish();
  std::vector<PatternCall> calls;
  for (std::size_t i = 0; i < segment.size(); ++i)
    calls.push_back({SegmentId{static_cast<int>(segment[i])}, static_cast<int>(block[i])});
  return calls;
}

// Starts are differences to the span before.
std::vector<Span> read_spans(Columns columns, const std::vector<PatternCall>& calls,
                             const std::vector<SegmentNames>& segments) {
  const auto call = columns.integers("calls", 0, last_of(calls.size()));
  const auto task = columns.integers("tasks", 0, kMost);
  const auto step = columns.integers("start_steps_ns", -kLongest, kLongest);
  const auto duration = columns.integers("durations_ns", 0, kLongest);
  columns.finish();
  std::vector<Span> spans;
  spans.reserve(call.size());
  std::int64_t start = 0;
  for (std::size_t i = 0; i < call.size(); ++i) {
    const auto& tasks = segments[index(calls[static_cast<std::size_t>(call[i])].segment)].tasks;
    if (task[i] > last_of(tasks.size()))
      columns.fields().fail(fmt::format("tasks/{}", i),
                            fmt::format("its segment has {} tasks, got {}", tasks.size(), task[i]));
    start += step[i];
    if (start < -kLongest || start > kLongest)
      columns.fields().fail(fmt::format("start_steps_ns/{}", i), "too far away");
    spans.push_back(
        {static_cast<int>(call[i]), TaskId{static_cast<int>(task[i])}, Nanos{start}, Nanos{start + duration[i]}});
  }
  return spans;
}

Pattern read_pattern(Fields& fields, const std::vector<SegmentNames>& segments) {
  Pattern pattern;
  pattern.calls = read_calls(Columns(fields.object("calls")), segments.size());
  pattern.spans = read_spans(Columns(fields.object("spans")), pattern.calls, segments);
  fields.finish();
  return pattern;
}

std::vector<Occurrence> read_occurrences(Columns columns, const Timeline& timeline) {
  const auto actor = columns.integers("actors", 0, last_of(timeline.actors.size()));
  const auto unit = columns.strings("units");
  const auto request = columns.integers("requests", 0, kMost), ordinal = columns.integers("ordinals", 0, kMost);
  const auto step = columns.integers("steps", -1, kMost), alternative = columns.integers("alternatives", 0, kMost);
  const auto pattern = columns.integers("patterns", 0, last_of(timeline.patterns.size()));
  const auto start = columns.integers("starts_ns", -kLongest, kLongest);
  const auto duration = columns.integers("durations_ns", 0, kLongest);
  columns.finish();
  std::vector<Occurrence> occurrences;
  for (std::size_t i = 0; i < actor.size(); ++i)
    occurrences.push_back({.actor = ActorId{static_cast<int>(actor[i])},
                           .unit = unit[i],
                           .request = RequestId{static_cast<int>(request[i])},
                           .ordinal = static_cast<int>(ordinal[i]),
                           .step = static_cast<int>(step[i]),
                           .alternative = static_cast<int>(alternative[i]),
                           .pattern = PatternId{static_cast<int>(pattern[i])},
                           .start = Nanos{start[i]},
                           .end = Nanos{start[i] + duration[i]}});
  return occurrences;
}

RequestSpan read_request(Fields& fields) {
  RequestSpan span;
  span.request = RequestId{static_cast<int>(fields.integer("request", 0, kMost))};
  span.start = Nanos{fields.integer("start_ns", -kLongest, kLongest)};
  span.end = Nanos{fields.integer("end_ns", span.start.count(), kLongest)};
  fields.finish();
  return span;
}

RankUse read_rank(Fields& fields) {
  const RankUse use{.busy = Nanos{fields.integer("busy_ns", 0, kLongest)},
                    .peak = {fields.integer("peak_bytes", 0, kMostBytes)}};
  fields.finish();
  return use;
}

// Shares by name, as many as there are: those of Provenance from its first.
std::vector<double> read_provenance(Fields fields) {
  std::vector<double> shares;
  for (const char* name : kProvenances) {
    if (!fields.has(name)) break;
    shares.push_back(fields.number(name, 0, 1 + 1e-9));
  }
  fields.finish();
  return shares;
}

Timeline read_fields(Fields& fields) {
  Timeline timeline;
  timeline.source = fields.string("source");
  timeline.plan = fields.string("plan");
  timeline.makespan = Nanos{fields.integer("makespan_ns", 0, kLongest)};
  timeline.steps = fields.integer("steps", 0, kMost);
  timeline.steps_reused = fields.integer("steps_reused", 0, timeline.steps);
  timeline.provenance = read_provenance(fields.object("provenance"));
  timeline.actors = fields.strings("actors");
  for (Fields& request : fields.objects("requests")) timeline.requests.push_back(read_request(request));
  for (Fields& rank : fields.objects("ranks")) timeline.ranks.push_back(read_rank(rank));
  for (Fields& entry : fields.objects("segments"))
    timeline.segments.push_back(read_segment(entry, timeline.ranks.size()));
  for (Fields& entry : fields.objects("patterns")) timeline.patterns.push_back(read_pattern(entry, timeline.segments));
  timeline.occurrences = read_occurrences(Columns(fields.object("occurrences")), timeline);
  return timeline;
}

}  // namespace

Timeline parse_timeline(std::string_view text) {
  return parse_format(text, kTimelineFormat, kTimelineVersion, read_fields);
}

Timeline read_timeline(const std::filesystem::path& path) { return parse_file(path, parse_timeline); }

}  // namespace pipedit
