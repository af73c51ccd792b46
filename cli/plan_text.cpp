#include "cli/plan_text.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "cli/headline.h"
#include "cli/quantities.h"
#include "cli/table.h"

namespace pipedit::cli {

namespace {

using planner::Answer;
using planner::PlanAnswer;
using planner::Verdict;

constexpr double kTie = 0.001;  // what the simulator cannot tell apart

double over(Nanos value, Nanos best) {
  return static_cast<double>(value.count()) / static_cast<double>(best.count()) - 1;
}

std::string seconds(const std::optional<Nanos>& time) {
  return time ? fmt::format("{:.3f}", static_cast<double>(time->count()) / 1e9) : "-";
}

std::string signed_percent(double fraction) {
  return std::abs(fraction) < 0.0005 ? "0.0" : fmt::format("{:+.1f}", 100 * fraction);
}

std::string verdict_of(const PlanAnswer& plan) {
  switch (plan.verdict) {
    case Verdict::fits:
      return "fits";
    case Verdict::does_not_fit:
      return "does not fit: " + plan.reason;
    case Verdict::not_applicable:
      return "not applicable: " + plan.reason;
  }
  return "";
}

std::string peak_of(const PlanAnswer& plan) {
  if (plan.peaks.empty()) return "-";
  return fmt::format("{:.1f}",
                     static_cast<double>(std::max_element(plan.peaks.begin(), plan.peaks.end())->value) / (1 << 30));
}

// "5 denoise + 3 decode, chunks 2,1": the name has a column of its own.
std::string choices_of(const PlanAnswer& plan) {
  if (!plan.plan) return "-";
  const std::string text = describe(*plan.plan);
  const auto colon = text.find(": ");
  return colon == std::string::npos ? text : text.substr(colon + 2);
}

// Of what the winner is compared with; 0 where nothing fits.
Nanos winning_time(const Answer& answer) {
  return answer.winner ? answer.plans[*answer.winner].predicted.value_or(Nanos{0}) : Nanos{0};
}

std::string slower(const PlanAnswer& plan, Nanos winner) {
  const double loss = over(*plan.predicted, winner);
  return loss < kTie ? fmt::format("{} ({}) is as fast, but not as simple", plan.name, choices_of(plan))
                     : fmt::format("{} ({}) is {} slower", plan.name, choices_of(plan), share(loss));
}

// The next best plan, how near another may be where that is not known, and the best plan of another family.
std::string runners_up(const Answer& answer) {
  const PlanAnswer& winner = answer.plans[*answer.winner];
  const Nanos best = *winner.predicted;
  const auto next = std::ranges::find_if(
      answer.plans, [&](const PlanAnswer& plan) { return plan.predicted && plan.plan != winner.plan; });
  if (next == answer.plans.end()) return "";
  const auto other = std::ranges::find_if(
      answer.plans, [&](const PlanAnswer& plan) { return plan.predicted && plan.name != winner.name; });
  std::string text = (answer.runner_up_bound ? " Next of those simulated: " : " Runner-up: ") + slower(*next, best);
  if (answer.runner_up_bound) {
    const double loss = over(*answer.runner_up_bound, best);
    text += loss < kTie ? "; others may be as fast" : fmt::format("; no other loses less than {}", share(loss));
  }
  text += ".";
  if (other != answer.plans.end() && other != next) text += " Of another family: " + slower(*other, best) + ".";
  return text;
}

std::string winner_in_words(const Answer& answer, planner::Objective objective) {
  const PlanAnswer& winner = answer.plans[*answer.winner];
  const char* what = objective == planner::Objective::throughput ? "throughput of a request every" : nullptr;
  return fmt::format("{} ({}) wins with a {} {}.{}", winner.name, choices_of(winner),
                     what != nullptr ? what : fmt::format("{} of", name_of(objective)), to_text(*winner.predicted),
                     runners_up(answer));
}

std::string search_in_words(const Answer& answer) {
  const planner::Counts& counts = answer.counts;
  std::string text = fmt::format(
      "Space: {}.\nOf {} plans {} were simulated; {} cannot be better by their groups, {} by the busiest rank's "
      "compute, {} by the longest path of their program; {} do not fit",
      answer.space, counts.considered, counts.simulated, counts.by_group, counts.by_details, counts.by_path,
      counts.by_memory);
  if (counts.left > 0)
    return text + fmt::format("; {} were left, of which {}.", counts.left,
                              answer.gap < kTie ? "none is better by more than 0.1 %"
                                                : fmt::format("one may be up to {} better", share(answer.gap)));
  return text + (answer.winner ? ". So no plan of the space is predicted to be better." : ".");
}

}  // namespace

std::string text_of(const Answer& answer, planner::Objective objective, const std::vector<std::string>& why) {
  using enum Table::Align;
  Table table({{"rank", right},
               {"name"},
               {"plan"},
               {"predicted_s", right},
               {"vs_winner_%", right},
               {"lower_bound_s", right},
               {"peak_GiB", right},
               {"verdict"}});
  const Nanos best = winning_time(answer);
  int rank = 0;
  for (const PlanAnswer& plan : answer.plans)
    table.add({plan.predicted ? std::to_string(++rank) : "-", plan.name, choices_of(plan), seconds(plan.predicted),
               plan.predicted && answer.winner ? signed_percent(over(*plan.predicted, best)) : "-",
               seconds(plan.lower_bound), peak_of(plan), verdict_of(plan)});
  std::string text = table.text() + "\n";
  if (answer.winner) text += winner_in_words(answer, objective) + "\n";
  for (const std::string& sentence : why) text += sentence + "\n";
  return text + search_in_words(answer) + "\n" + kNotCounted;
}

std::string reason_of(const Answer& answer) {
  for (const PlanAnswer& plan : answer.plans)
    if (plan.verdict == Verdict::does_not_fit) return fmt::format("no plan fits; {}: {}", plan.name, plan.reason);
  return answer.plans.empty() ? "no plan fits"
                              : fmt::format("no plan applies; {}: {}", answer.plans[0].name, answer.plans[0].reason);
}

}  // namespace pipedit::cli
