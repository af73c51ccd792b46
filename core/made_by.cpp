#include "core/made_by.h"

#include <algorithm>
#include <fstream>
#include <thread>

#include <fmt/format.h>

#include "core/commit.h"
#include "core/version.h"

namespace pipedit {

namespace {

std::string name_of_cpu() {
  std::ifstream facts("/proc/cpuinfo");
  for (std::string line; std::getline(facts, line);) {
    const auto colon = line.find(": ");
    if (!line.starts_with("model name") || colon == std::string::npos) continue;
    std::string name = line.substr(colon + 2);
    std::replace_if(
        name.begin(), name.end(), [](unsigned char c) { return c < 0x20 || c > 0x7e; }, '?');
    return name;
  }
  return "unnamed CPU";
}

}  // namespace

const MadeBy& made_by() {
  static const MadeBy kMadeBy{kVersion, commit(),
                              fmt::format("{}, {} cores", name_of_cpu(), std::thread::hardware_concurrency())};
  return kMadeBy;
}

}  // namespace pipedit
