#include "cli/json_answers.h"
#include "core/json.h"

namespace pipedit::cli {

std::string json_of(const Comparison& comparison) {
  Json answer = Json::object();
  answer["predicted_ns"] = comparison.predicted.count();
  answer["measured_ns"] = comparison.measured.count();
  answer["end_to_end_error"] = comparison.end_to_end_error;
  answer["by_kind"] = Json::object();
  for (const KindError& kind : comparison.by_kind)
    answer["by_kind"][kind.kind] = {{"count", kind.count},
                                    {"predicted_ns", kind.predicted.count()},
                                    {"measured_ns", kind.measured.count()},
                                    {"median_error", kind.median_error}};
  answer["only_predicted"] = comparison.only_predicted;
  answer["only_measured"] = comparison.only_measured;
  if (comparison.decisions_that_differ.empty()) return to_text(answer);
  for (const Decision& decision : comparison.decisions_that_differ)
    answer["decisions_that_differ"].push_back({{"actor", index(decision.actor)},
                                               {"request", index(decision.request)},
                                               {"step", decision.step},
                                               {"alternative", decision.alternative}});
  return to_text(answer);
}

}  // namespace pipedit::cli
