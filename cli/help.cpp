#include "cli/help.h"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>

namespace pipedit::cli {

namespace {

bool by_place(const Declared& option) { return option.names.front() != '-'; }

std::string usage(const About& about, const std::vector<Declared>& options) {
  std::string line = "Usage: pipedit " + about.name;
  for (const Declared& option : options)
    if (by_place(option)) line += option.required ? " " + option.takes : " [" + option.takes + "]";
  for (const Declared& option : options)
    if (!by_place(option) && option.required)
      line += fmt::format(" {} {}", option.names.substr(option.names.rfind(',') + 1), option.takes);
  return line + " [options]\n";
}

std::string indented(const std::string& lines) {
  std::istringstream in(lines);
  std::string text;
  for (std::string line; std::getline(in, line);) text += fmt::format("  {}\n", line);
  return text;
}

std::string left(const Declared& option) {
  if (by_place(option)) return fmt::format("  {}", option.takes);
  const auto comma = option.names.find(',');
  const std::string names = comma == std::string::npos
                                ? fmt::format("    {}", option.names)
                                : fmt::format("{}, {}", option.names.substr(0, comma), option.names.substr(comma + 1));
  return option.takes.empty() ? fmt::format("  {}", names) : fmt::format("  {} {}", names, option.takes);
}

std::string right(const Declared& option) {
  if (option.required) return option.help + " [required]";
  return option.fallback.empty() ? option.help : fmt::format("{} (default: {})", option.help, option.fallback);
}

}  // namespace

std::string help_text(const About& about, const std::vector<Declared>& options) {
  std::string text = about.summary + "\n\n" + usage(about, options) + "\n";
  std::size_t width = 0;
  for (const Declared& option : options) width = std::max(width, std::min<std::size_t>(left(option).size(), 34));
  for (const Declared& option : options) {
    const std::string names = left(option);
    const bool fits = names.size() <= width;
    text += fits ? fmt::format("{:<{}}  {}\n", names, width, right(option))
                 : fmt::format("{}\n{:<{}}  {}\n", names, "", width, right(option));
  }
  if (!about.environment.empty()) text += "\nEnvironment:\n";
  for (const auto& [name, meaning] : about.environment) text += fmt::format("  {}  {}\n", name, meaning);
  return text + "\nExample:\n" + indented(about.example);
}

std::string help_text(const std::vector<About>& commands) {
  std::string text =
      "Plans, predicts and runs video diffusion transformers on several GPUs. Only `run` and `profile` on a GPU need "
      "one.\n\nUsage: pipedit COMMAND [options]\n\n";
  for (const About& about : commands)
    text += fmt::format("  {:<10}  {}\n", about.name, about.summary.substr(0, about.summary.find(". ")));
  return text +
         "\n  --version   the version, and nothing else\n  -h, --help  this; after a command: its options\n\n"
         "Exit codes: 0 done, 1 failed, 2 bad input, 3 no plan fits. The answer is on stdout, remarks are on "
         "stderr.\n\n"
         "Example:\n  build/release/bin/pipedit list\n";
}

}  // namespace pipedit::cli
