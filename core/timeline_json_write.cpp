#include <fmt/format.h>

#include "core/json.h"
#include "core/timeline.h"
#include "core/timeline_json.h"

namespace pipedit {

namespace {

// {"key": [v, v, ..], ..}: as text at once, since a timeline can have millions of spans.
class ColumnWriter {
 public:
  explicit ColumnWriter(std::string& out) : out_(out) { out_ += '{'; }

  template <class Rows, class Value>
  void column(std::string_view key, const Rows& rows, Value value) {
    fmt::format_to(std::back_inserter(out_), "{}\"{}\": [", first_ ? "" : ", ", key);
    first_ = false;
    for (const auto& row : rows) {
      append(value(row));
      out_ += ',';
    }
    if (!rows.empty()) out_.pop_back();
    out_ += ']';
  }
  void close() { out_ += '}'; }

 private:
  void append(std::int64_t value) {
    const fmt::format_int digits(value);
    out_.append(digits.data(), digits.size());
  }
  void append(const std::string& text) { out_ += Json(text).dump(); }

  std::string& out_;
  bool first_ = true;
};

std::int64_t number(auto id) { return static_cast<std::int64_t>(id); }

void append(std::string& out, const SegmentNames& segment) {
  out += "{\"name\": " + Json(segment.name).dump() + ", \"tasks\": ";
  ColumnWriter columns(out);
  columns.column("names", segment.tasks, [](const TaskName& t) { return t.name; });
  columns.column("kinds", segment.tasks, [](const TaskName& t) { return t.kind; });
  columns.column("lanes", segment.tasks, [](const TaskName& t) { return t.lane; });
  columns.column("ranks", segment.tasks, [](const TaskName& t) { return number(t.rank); });
  columns.close();
  out += '}';
}

void append(std::string& out, const Pattern& pattern) {
  out += "{\"calls\": ";
  ColumnWriter calls(out);
  calls.column("segments", pattern.calls, [](const PatternCall& c) { return number(c.segment); });
  calls.column("blocks", pattern.calls, [](const PatternCall& c) { return number(c.block); });
  calls.close();
  out += ", \"spans\": ";
  ColumnWriter spans(out);
  spans.column("calls", pattern.spans, [](const Span& s) { return number(s.call); });
  spans.column("tasks", pattern.spans, [](const Span& s) { return number(s.task); });
  spans.column("start_steps_ns", pattern.spans,
               [last = Nanos{0}](const Span& s) mutable { return (s.start - std::exchange(last, s.start)).count(); });
  spans.column("durations_ns", pattern.spans, [](const Span& s) { return (s.end - s.start).count(); });
  spans.close();
  out += '}';
}

void append(std::string& out, const std::vector<Occurrence>& occurrences) {
  ColumnWriter columns(out);
  columns.column("actors", occurrences, [](const Occurrence& o) { return number(o.actor); });
  columns.column("units", occurrences, [](const Occurrence& o) { return o.unit; });
  columns.column("requests", occurrences, [](const Occurrence& o) { return number(o.request); });
  columns.column("ordinals", occurrences, [](const Occurrence& o) { return number(o.ordinal); });
  columns.column("steps", occurrences, [](const Occurrence& o) { return number(o.step); });
  columns.column("alternatives", occurrences, [](const Occurrence& o) { return number(o.alternative); });
  columns.column("patterns", occurrences, [](const Occurrence& o) { return number(o.pattern); });
  columns.column("starts_ns", occurrences, [](const Occurrence& o) { return number(o.start.count()); });
  columns.column("durations_ns", occurrences, [](const Occurrence& o) { return number((o.end - o.start).count()); });
  columns.close();
}

// "key": [ one element a line ]
template <class Elements>
void append_list(std::string& out, std::string_view key, const Elements& elements) {
  fmt::format_to(std::back_inserter(out), ",\n  \"{}\": [", key);
  for (std::size_t i = 0; i < elements.size(); ++i) {
    out += i == 0 ? "\n    " : ",\n    ";
    append(out, elements[i]);
  }
  out += elements.empty() ? "]" : "\n  ]";
}

Json summary(const Timeline& timeline) {
  Json json = header(kTimelineFormat, kTimelineVersion);
  json["source"] = timeline.source;
  json["plan"] = timeline.plan;
  json["makespan_ns"] = timeline.makespan.count();
  json["steps"] = timeline.steps;
  json["steps_reused"] = timeline.steps_reused;
  json["provenance"] = Json::object();
  for (std::size_t i = 0; i < timeline.provenance.size(); ++i)
    json["provenance"][kProvenances[i]] = timeline.provenance[i];
  json["actors"] = timeline.actors;
  json["requests"] = Json::array();
  for (const RequestSpan& span : timeline.requests)
    json["requests"].push_back(
        {{"request", index(span.request)}, {"start_ns", span.start.count()}, {"end_ns", span.end.count()}});
  json["ranks"] = Json::array();
  for (const RankUse& use : timeline.ranks)
    json["ranks"].push_back({{"busy_ns", use.busy.count()}, {"peak_bytes", use.peak.value}});
  return json;
}

}  // namespace

std::string write_timeline(const Timeline& timeline) {
  std::string out = to_text(summary(timeline));
  out.resize(out.size() - std::string_view("\n}\n").size());
  append_list(out, "segments", timeline.segments);
  append_list(out, "patterns", timeline.patterns);
  out += ",\n  \"occurrences\": ";
  append(out, timeline.occurrences);
  return out + "\n}\n";
}

}  // namespace pipedit
