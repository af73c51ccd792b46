#include "cli/json_answers.h"
#include "core/json.h"
#include "core/timeline.h"

namespace pipedit::cli {

std::string json_of(const Timeline& timeline) {
  constexpr const char* provenances[] = {"exact", "interpolated", "extrapolated", "analytic"};
  Json answer = Json::object();
  answer["plan"] = timeline.plan;
  answer["makespan_ns"] = timeline.makespan.count();
  answer["counts_text_encoding"] = false;
  answer["steps"] = timeline.steps;
  answer["steps_reused"] = timeline.steps_reused;
  answer["requests"] = Json::array();
  for (const RequestSpan& span : timeline.requests)
    answer["requests"].push_back({{"start_ns", span.start.count()}, {"end_ns", span.end.count()}});
  answer["ranks"] = Json::array();
  for (const RankUse& use : timeline.ranks)
    answer["ranks"].push_back({{"busy_ns", use.busy.count()}, {"peak_bytes", use.peak.value}});
  answer["provenance"] = Json::object();
  for (std::size_t i = 0; i < std::size(provenances) && i < timeline.provenance.size(); ++i)
    answer["provenance"][provenances[i]] = timeline.provenance[i];
  return to_text(answer);
}

}  // namespace pipedit::cli
