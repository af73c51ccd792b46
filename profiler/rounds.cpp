#include "profiler/rounds.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <tuple>

namespace pipedit::profiler {

namespace {

constexpr double kAlike = 1.25;

auto key_of(const ProfilePoint& point) { return std::tie(point.kind, point.dims, point.busy); }

// Calls with the rounds of each point.
template <class Call>
void for_each_point(std::span<const ProfilePoint> points, Call call) {
  while (!points.empty()) {
    const auto others = [&](const ProfilePoint& point) { return key_of(point) != key_of(points.front()); };
    const auto count = static_cast<std::size_t>(std::ranges::find_if(points, others) - points.begin());
    call(points.first(count));
    points = points.subspan(count);
  }
}

// Of rounds in the order of their medians.
ProfilePoint mean_of(std::span<const ProfilePoint> rounds) {
  ProfilePoint sum = rounds.front();
  std::int64_t count = 1;
  for (const ProfilePoint& round : rounds.subspan(1)) {
    if (2 * round.median > 3 * rounds.front().median) break;
    sum.median += round.median, sum.low += round.low, sum.high += round.high, sum.count += round.count;
    ++count;
  }
  sum.median /= count, sum.low /= count, sum.high /= count;
  return sum;
}

}  // namespace

std::vector<ProfilePoint> points_of(const std::vector<Round>& rounds, int slots) {
  std::vector<ProfilePoint> points;
  for (const Round& round : rounds) {
    std::ranges::move(round.alone.points(1), std::back_inserter(points));
    std::ranges::move(round.busy.points(slots), std::back_inserter(points));
  }
  std::ranges::sort(points, [](const ProfilePoint& a, const ProfilePoint& b) {
    return std::tuple(key_of(a), a.median) < std::tuple(key_of(b), b.median);
  });
  return points;
}

std::vector<ProfilePoint> mean_points(const std::vector<ProfilePoint>& points) {
  std::vector<ProfilePoint> means;
  for_each_point(points, [&](std::span<const ProfilePoint> rounds) { means.push_back(mean_of(rounds)); });
  return means;
}

std::set<PointKey> unsure_points(const std::vector<ProfilePoint>& points) {
  std::set<PointKey> unsure;
  for_each_point(points, [&](std::span<const ProfilePoint> rounds) {
    const auto low = static_cast<double>(rounds.front().median.count());
    if (static_cast<double>(rounds.back().median.count()) > kAlike * low)
      unsure.insert({rounds.front().kind, rounds.front().dims});
  });
  return unsure;
}

}  // namespace pipedit::profiler
