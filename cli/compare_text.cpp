#include "cli/compare_text.h"

#include <fmt/format.h>

#include "cli/quantities.h"
#include "cli/table.h"

namespace pipedit::cli {

std::string summary_of(const Comparison& comparison) {
  std::string text =
      fmt::format("End to end {} were predicted and {} measured: an error of {}.", to_text(comparison.predicted),
                  to_text(comparison.measured), percent(comparison.end_to_end_error));
  if (comparison.only_predicted + comparison.only_measured > 0)
    text += fmt::format(" {} tasks were only predicted, {} only measured.", comparison.only_predicted,
                        comparison.only_measured);
  if (!comparison.decisions_that_differ.empty())
    text +=
        fmt::format(" Steps that were decided otherwise than predicted: {}.", comparison.decisions_that_differ.size());
  return text;
}

std::string table_of(const Comparison& comparison) {
  using enum Table::Align;
  Table table({{"kind"},
               {"tasks", right},
               {"predicted_ms", right},
               {"measured_ms", right},
               {"error_%", right},
               {"median_error_%", right}});
  const auto millis = [](Nanos time) { return fmt::format("{:.3f}", static_cast<double>(time.count()) / 1e6); };
  for (const KindError& kind : comparison.by_kind) {
    const double measured = static_cast<double>(kind.measured.count());
    const double error = measured > 0 ? static_cast<double>(kind.predicted.count()) / measured - 1 : 0;
    table.add({kind.kind, std::to_string(kind.count), millis(kind.predicted), millis(kind.measured),
               measured > 0 ? fmt::format("{:+.1f}", 100 * error) : "-",
               fmt::format("{:+.1f}", 100 * kind.median_error)});
  }
  return table.text();
}

}  // namespace pipedit::cli
