#include "planner/search_record_json.h"

#include "core/plan_json.h"

namespace pipedit::planner {

namespace {

constexpr std::pair<Verdict, std::string_view> kVerdicts[] = {
    {Verdict::fits, "fits"}, {Verdict::does_not_fit, "does_not_fit"}, {Verdict::not_applicable, "not_applicable"}};
constexpr std::pair<Objective, std::string_view> kObjectives[] = {
    {Objective::latency, "latency"}, {Objective::makespan, "makespan"}, {Objective::throughput, "throughput"}};
constexpr std::int64_t kMost = INT64_MAX;

Json or_null(const std::optional<Nanos>& time) { return time ? Json(time->count()) : Json(); }

std::optional<Nanos> time_or_none(Fields& fields, const char* key) {
  if (fields.raw(key).is_null()) return std::nullopt;
  return Nanos{fields.integer(key, 0, kMost)};
}

std::vector<Bytes> read_peaks(Fields& fields) {
  std::vector<Bytes> peaks;
  for (const std::int64_t bytes : fields.integers("peak_bytes", 0, kMost)) peaks.push_back(Bytes{bytes});
  return peaks;
}

Json to_json(const std::vector<Bytes>& peaks) {
  Json json = Json::array();
  for (const Bytes peak : peaks) json.push_back(peak.value);
  return json;
}

PlanAnswer read_answer(Fields fields) {
  PlanAnswer answer;
  answer.name = fields.name("name");
  if (!fields.raw("plan").is_null()) answer.plan = read_plan(fields.object("plan"));
  answer.verdict = read_enum<Verdict>(fields, "verdict", kVerdicts);
  answer.reason = fields.string("reason");
  answer.predicted = time_or_none(fields, "predicted_ns");
  answer.lower_bound = time_or_none(fields, "lower_bound_ns");
  answer.peaks = read_peaks(fields);
  fields.finish();
  return answer;
}

Counts read_counts(Fields fields) {
  const auto count = [&](const char* key) { return static_cast<std::uint64_t>(fields.integer(key, 0, kMost)); };
  Counts counts;
  counts.considered = count("considered");
  counts.by_group = count("pruned_by_group");
  counts.by_details = count("pruned_by_details");
  counts.by_path = count("pruned_by_path");
  counts.by_memory = count("do_not_fit");
  counts.simulated = count("simulated");
  counts.left = count("left");
  fields.finish();
  return counts;
}

Json to_json(const Counts& counts) {
  return {{"considered", counts.considered},
          {"pruned_by_group", counts.by_group},
          {"pruned_by_details", counts.by_details},
          {"pruned_by_path", counts.by_path},
          {"do_not_fit", counts.by_memory},
          {"simulated", counts.simulated},
          {"left", counts.left}};
}

}  // namespace

Json to_json(const PlanAnswer& answer) {
  return {{"name", answer.name},
          {"plan", answer.plan ? pipedit::to_json(*answer.plan) : Json()},
          {"verdict", pipedit::name_of<Verdict>(kVerdicts, answer.verdict)},
          {"reason", answer.reason},
          {"predicted_ns", or_null(answer.predicted)},
          {"lower_bound_ns", or_null(answer.lower_bound)},
          {"peak_bytes", to_json(answer.peaks)}};
}

SearchRecord read_search(Fields fields) {
  SearchRecord search;
  search.objective = read_enum<Objective>(fields, "objective", kObjectives);
  search.predicted = Nanos{fields.integer("predicted_ns", 0, kMost)};
  search.lower_bound = Nanos{fields.integer("lower_bound_ns", 0, kMost)};
  search.peaks = read_peaks(fields);
  search.gap = fields.number("gap", 0, 1);
  search.counts = read_counts(fields.object("counts"));
  for (Fields& answer : fields.objects("considered")) search.considered.push_back(read_answer(answer));
  fields.finish();
  return search;
}

Json to_json(const SearchRecord& search) {
  Json json = {{"objective", pipedit::name_of<Objective>(kObjectives, search.objective)},
               {"predicted_ns", search.predicted.count()},
               {"lower_bound_ns", search.lower_bound.count()},
               {"peak_bytes", to_json(search.peaks)},
               {"gap", search.gap},
               {"counts", to_json(search.counts)},
               {"considered", Json::array()}};
  for (const PlanAnswer& answer : search.considered) json["considered"].push_back(to_json(answer));
  return json;
}

}  // namespace pipedit::planner
