#include "cli/run_text.h"

#include <fmt/format.h>

#include "cli/headline.h"
#include "cli/quantities.h"
#include "cli/table.h"

namespace pipedit::cli {

namespace {

std::string text_of(const MemoryUse& use) {
  std::string parts;
  for (const auto& [name, size] : use.parts)
    parts += fmt::format("{}{} {}", parts.empty() ? ": " : ", ", name, to_text(size));
  const std::string by_driver =
      use.by_driver == Bytes{} ? "" : fmt::format(" ({} by its driver's count)", to_text(use.by_driver));
  return fmt::format("{} held {} at most{}, {} predicted{}.\n", use.device, to_text(use.measured), by_driver,
                     to_text(use.predicted), parts);
}

}  // namespace

std::string text_of(const RunAnswer& ran, const std::filesystem::path& folder,
                    const std::vector<std::string>& prompts) {
  using enum Table::Align;
  const auto seconds = [](Nanos time) { return fmt::format("{:.3f}", static_cast<double>(time.count()) / 1e9); };
  Table table({{"request", right}, {"start_s", right}, {"end_s", right}, {"video"}, {prompts.empty() ? "" : "prompt"}});
  for (std::size_t i = 0; i < ran.numbers.size(); ++i) {
    const auto number = static_cast<std::size_t>(ran.numbers[i]);
    const RequestSpan& span = ran.measured.requests[i];
    table.add({std::to_string(number), seconds(span.start), seconds(span.end), ran.videos[i].string(),
               number < prompts.size() ? prompts[number] : ""});
  }
  std::string text = table.empty() ? "" : table.text() + "\n";
  if (ran.finished_before > 0) text += fmt::format("{} requests had been finished before.\n", ran.finished_before);
  if (table.empty()) return text + "Nothing was left to do.\n";
  text += fmt::format("{} took {}; measured in {}.\n", ran.measured.plan, to_text(ran.measured.makespan),
                      (folder / "measured.timeline.json").string());
  for (const MemoryUse& use : ran.memory) text += text_of(use);
  return text + kNotCounted;
}

}  // namespace pipedit::cli
