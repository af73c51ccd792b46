#include "simulator/costs/measured_kind.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"

namespace pipedit::simulator {

namespace {

bool is_transfer(std::string_view kind) {
  return kind.starts_with("exchange.") || kind == "keep_outputs" || kind == "load_weights";
}

double log_of(std::int64_t size) { return std::log(static_cast<double>(std::max<std::int64_t>(1, size))); }

bool equal_but(const std::vector<std::int64_t>& a, const std::vector<std::int64_t>& b, std::size_t dimension) {
  for (std::size_t i = 0; i < a.size(); ++i)
    if (i != dimension && a[i] != b[i]) return false;
  return true;
}

std::vector<double> logs_of(const std::vector<std::int64_t>& dims) {
  std::vector<double> logs;
  for (const std::int64_t size : dims) logs.push_back(log_of(size));
  return logs;
}

double squared_distance(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

// Products of one row a step, which take as long as reading their weights does until the rows are some hundred (a GPU's
// operations a byte).
constexpr std::int64_t kFreeRows = 256;
bool is_of_steps(std::string_view kind) { return kind == "modulation" || kind == "condition"; }

}  // namespace

double MeasuredKind::work(const Sizes& dims) const {
  double work = 1;
  for (std::size_t i = 0; i < dims.size(); ++i) {
    const bool shape_only = (kind_ == "attention" && i == 1) || (is_transfer(kind_) && i > 0);  // pieces, run_bytes
    const bool has_free_rows = i == 0 && device_ == DeviceKind::gpu && is_of_steps(kind_);
    if (!shape_only) work *= static_cast<double>(std::max<std::int64_t>(1, dims[i]) + (has_free_rows ? kFreeRows : 0));
  }
  return work;
}

void MeasuredKind::add(const ProfilePoint& point) {
  points_.push_back({.dims = point.dims,
                     .time = point.median,
                     .logs = logs_of(point.dims),
                     .slowness = std::log(static_cast<double>(point.median.count()) / work(point.dims))});
  exact_.try_emplace(point.dims, point.median);
  if (low_.empty()) low_ = high_ = point.dims;
  for (std::size_t i = 0; i < point.dims.size(); ++i)
    low_[i] = std::min(low_[i], point.dims[i]), high_[i] = std::max(high_[i], point.dims[i]);
}

Cost MeasuredKind::scaled(const Sizes& dims, double nanos_per_work, Provenance provenance) const {
  return {Nanos{std::llround(nanos_per_work * work(dims))}, provenance};
}

Cost MeasuredKind::cost(const Sizes& dims) const {
  if (const auto point = exact_.find(dims); point != exact_.end()) return {point->second, Provenance::exact};
  if (const auto cost = on_a_line(dims)) return *cost;
  return near(dims);
}

std::optional<Cost> MeasuredKind::on_a_line(const Sizes& dims) const {
  for (std::size_t dimension = 0; dimension < dims.size(); ++dimension)
    if (auto cost = between(dims, dimension)) return cost;
  return std::nullopt;
}

// Linear in the logarithms of size and utilisation: a power law between two neighbours.
std::optional<Cost> MeasuredKind::between(const Sizes& dims, std::size_t dimension) const {
  const Point *below = nullptr, *above = nullptr;
  for (const Point& point : points_) {
    if (!equal_but(point.dims, dims, dimension)) continue;
    const std::int64_t size = point.dims[dimension];
    if (size < dims[dimension] && (below == nullptr || size > below->dims[dimension])) below = &point;
    if (size > dims[dimension] && (above == nullptr || size < above->dims[dimension])) above = &point;
  }
  if (below == nullptr || above == nullptr) return std::nullopt;
  const double low = below->logs[dimension], high = above->logs[dimension];
  const double share = (log_of(dims[dimension]) - low) / (high - low);
  return scaled(dims, std::exp((1 - share) * below->slowness + share * above->slowness), Provenance::interpolated);
}

bool MeasuredKind::inside(const Sizes& dims) const {
  for (std::size_t i = 0; i < dims.size(); ++i)
    if (dims[i] < low_[i] || dims[i] > high_[i]) return false;
  return true;
}

// Inside: the utilisations of all points, weighted by the inverse fourth power of their distance in the logarithms.
// Outside: that of the nearest point. A transfer below the smallest measured one takes its start-up all the same.
Cost MeasuredKind::near(const Sizes& dims) const {
  const std::vector<double> logs = logs_of(dims);
  const auto away = [&](const Point& point) { return squared_distance(point.logs, logs); };
  const Point& nearest = *std::ranges::min_element(points_, {}, away);
  if (!inside(dims)) {
    Cost cost = scaled(dims, static_cast<double>(nearest.time.count()) / work(nearest.dims), Provenance::extrapolated);
    if (is_transfer(kind_))
      cost.time =
          std::max(cost.time, std::min_element(points_.begin(), points_.end(), [](const Point& a, const Point& b) {
                                return a.time < b.time;
                              })->time);
    return cost;
  }
  double weights = 0, sum = 0;
  for (const Point& point : points_) {
    const double squared = away(point), weight = 1 / (squared * squared);
    weights += weight;
    sum += weight * point.slowness;
  }
  return scaled(dims, std::exp(sum / weights), Provenance::interpolated);
}

}  // namespace pipedit::simulator
