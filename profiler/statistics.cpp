#include "profiler/statistics.h"

#include <algorithm>
#include <cmath>

namespace pipedit::profiler {

Quartiles quartiles(std::vector<Nanos> samples) {
  std::sort(samples.begin(), samples.end());
  const auto at = [&](std::size_t quarter) { return samples[quarter * (samples.size() - 1) / 4]; };
  return {at(1), at(2), at(3)};
}

std::vector<Nanos> undisturbed(std::vector<Nanos> samples) {
  const Quartiles q = quartiles(samples);
  const Nanos limit = q.high + 3 * (q.high - q.low);
  std::sort(samples.begin(), samples.end());
  const auto most = static_cast<std::ptrdiff_t>(samples.size() / 5);
  const auto first = std::max(std::upper_bound(samples.begin(), samples.end(), limit), samples.end() - most);
  samples.erase(first, samples.end());
  return samples;
}

double median_error(const Quartiles& q, std::size_t count) {
  const double median = std::max(1.0, static_cast<double>(q.median.count()));
  return 1.57 * static_cast<double>((q.high - q.low).count()) / (std::sqrt(static_cast<double>(count)) * median);
}

}  // namespace pipedit::profiler
