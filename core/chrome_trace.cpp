#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "core/json.h"
#include "core/timeline.h"

namespace pipedit {

namespace {

constexpr std::string_view kSeparator = ",\n";  // behind each event

using Lanes = std::map<std::string, int>;  // track of each lane

std::string quoted(const std::string& text) {
  const auto is_plain = [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; };
  if (std::ranges::all_of(text, is_plain)) return '"' + text + '"';  // much faster, and nearly all
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The format counts microseconds; fractions are allowed.
void append_micros(std::string& out, Nanos time) {
  const std::int64_t nanos = time.count();
  const std::int64_t magnitude = nanos < 0 ? -nanos : nanos;
  fmt::format_to(std::back_inserter(out), "{}{}.{:03}", nanos < 0 ? "-" : "", magnitude / 1000, magnitude % 1000);
}

// Lanes in the order in which segments mention them.
Lanes lanes_of(const Timeline& timeline) {
  Lanes lanes;
  for (const SegmentNames& segment : timeline.segments)
    for (const TaskName& task : segment.tasks) lanes.emplace(task.lane, static_cast<int>(lanes.size()));
  return lanes;
}

void append_tracks(std::string& out, const Timeline& timeline, const Lanes& lanes) {
  for (std::size_t rank = 0; rank < timeline.ranks.size(); ++rank) {
    fmt::format_to(std::back_inserter(out),
                   "{{\"ph\":\"M\",\"pid\":{0},\"name\":\"process_name\",\"args\":{{\"name\":\"rank {0}\"}}}},\n",
                   rank);
    for (const auto& [lane, track] : lanes)
      fmt::format_to(std::back_inserter(out),
                     "{{\"ph\":\"M\",\"pid\":{},\"tid\":{},\"name\":\"thread_name\",\"args\":{{\"name\":{}}}}},\n",
                     rank, track, quoted(lane));
  }
}

void append_task(std::string& out, const TaskInstance& instance, const Timeline& timeline, const Lanes& lanes) {
  const TaskName& task = *instance.task;
  const Occurrence& unit = *instance.unit;
  fmt::format_to(std::back_inserter(out),
                 "{{\"ph\":\"X\",\"pid\":{},\"tid\":{},\"name\":{},\"cat\":{},\"ts\":", index(task.rank),
                 lanes.at(task.lane), quoted(task.name), quoted(task.kind));
  append_micros(out, instance.start);
  out += ",\"dur\":";
  append_micros(out, instance.end - instance.start);
  fmt::format_to(std::back_inserter(out), ",\"args\":{{\"task\":{},\"actor\":{},\"unit\":{},\"request\":{}",
                 quoted(instance.name), quoted(timeline.actors[index(unit.actor)]), quoted(unit.unit),
                 index(unit.request));
  if (unit.step >= 0) fmt::format_to(std::back_inserter(out), ",\"step\":{}", unit.step);
  out += "}},\n";
}

}  // namespace

void write_chrome_trace(std::ostream& file, const Timeline& timeline,
                        const std::function<void(std::size_t, std::size_t)>& progress) {
  const Lanes lanes = lanes_of(timeline);
  std::string events;
  append_tracks(events, timeline, lanes);
  file << "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n";
  for (std::size_t i = 0; i < timeline.occurrences.size(); ++i) {
    for (const TaskInstance& instance : expand(timeline, timeline.occurrences[i]))
      append_task(events, instance, timeline, lanes);
    if (events.size() > kSeparator.size()) {  // the last separator waits for another event
      file << std::string_view(events).substr(0, events.size() - kSeparator.size());
      events = kSeparator;
    }
    if (progress) progress(i + 1, timeline.occurrences.size());
  }
  file << "\n]}\n";
}

}  // namespace pipedit
