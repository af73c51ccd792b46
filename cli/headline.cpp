#include "cli/headline.h"

#include <fmt/format.h>

namespace pipedit::cli {

namespace {

std::string noun(std::size_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

}  // namespace

std::string to_text(const Cluster& cluster) {
  std::string text;
  for (std::size_t i = 0; i < cluster.devices.size();) {
    const std::string& name = cluster.devices[i].name;
    std::size_t alike = i;
    while (alike < cluster.devices.size() && cluster.devices[alike].name == name) ++alike;
    text += fmt::format("{}{} x {}", text.empty() ? "" : " + ", alike - i, name);
    i = alike;
  }
  if (cluster.ranks_per_device > 1)
    text += fmt::format(", {} ranks{}", cluster.ranks_per_device, cluster.devices.size() > 1 ? " each" : "");
  return text;
}

std::string to_text(const RequestShape& shape) {
  return fmt::format("{}x{}, {} frames, {} steps", shape.width, shape.height, shape.frames, shape.steps);
}

std::string to_text(const Workload& workload) {
  const std::string requests = noun(workload.requests.size(), "request");
  if (workload.shapes.size() == 1) return requests + " of " + to_text(workload.shapes.front());
  return fmt::format("{} of {} shapes", requests, workload.shapes.size());
}

}  // namespace pipedit::cli
