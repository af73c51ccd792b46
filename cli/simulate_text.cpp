#include "cli/simulate_text.h"

#include <fmt/format.h>

#include "cli/headline.h"
#include "cli/quantities.h"
#include "cli/table.h"

namespace pipedit::cli {

namespace {

using enum Table::Align;

constexpr std::size_t kMostRows = 20;

std::string seconds(Nanos time) { return fmt::format("{:.3f}", static_cast<double>(time.count()) / 1e9); }

std::string requests_of(const Timeline& timeline) {
  Table table({{"request", right}, {"start_s", right}, {"end_s", right}, {"taken_s", right}});
  for (const RequestSpan& span : timeline.requests) {
    if (index(span.request) >= kMostRows) break;
    table.add(
        {std::to_string(index(span.request)), seconds(span.start), seconds(span.end), seconds(span.end - span.start)});
  }
  const std::size_t all = timeline.requests.size();
  return table.text() + (all > kMostRows ? fmt::format("... and {} more\n", all - kMostRows) : "");
}

std::string ranks_of(const Timeline& timeline) {
  Table table({{"rank", right}, {"busy_s", right}, {"busy_%", right}, {"peak_memory", right}});
  const double whole = static_cast<double>(timeline.makespan.count());
  for (std::size_t rank = 0; rank < timeline.ranks.size(); ++rank) {
    const RankUse& use = timeline.ranks[rank];
    const double share = whole > 0 ? static_cast<double>(use.busy.count()) / whole : 0;
    table.add({std::to_string(rank), seconds(use.busy), fmt::format("{:.1f}", 100 * share), to_text(use.peak)});
  }
  return table.text();
}

std::string costs_of(const Timeline& timeline) {
  constexpr const char* names[] = {"measured exactly", "interpolated", "extrapolated", "analytic", "measured"};
  std::string parts;
  for (std::size_t i = 0; i < timeline.provenance.size() && i < std::size(names); ++i)
    if (timeline.provenance[i] > 0)
      parts += fmt::format("{}{} {}", parts.empty() ? "" : ", ", share(timeline.provenance[i]), names[i]);
  return parts.empty() ? "" : fmt::format("Of the tasks' time {}.\n", parts);
}

}  // namespace

std::string text_of(const Timeline& timeline) {
  std::string text =
      fmt::format("makespan  {}\n\n{}\n{}\n", to_text(timeline.makespan), requests_of(timeline), ranks_of(timeline));
  text += costs_of(timeline);
  return text + fmt::format("{} steps, {} of them simulated once and used again.\n{}", timeline.steps,
                            timeline.steps_reused, kNotCounted);
}

}  // namespace pipedit::cli
