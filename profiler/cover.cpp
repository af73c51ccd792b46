#include "profiler/cover.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <map>
#include <set>

namespace pipedit::profiler {

namespace {

bool near(const PointKey& a, const PointKey& b) {
  const double apart = only_moves(a) ? 0.2 : 0.01;
  return std::ranges::equal(a.dims, b.dims, [&](std::int64_t x, std::int64_t y) {
    return static_cast<double>(std::abs(x - y)) <= apart * static_cast<double>(std::max(x, y));
  });
}

// Points that are still to be held, and which of them stretches hold.
class Missing {
 public:
  Missing(const std::vector<Stretch>& stretches, Spacing spacing) : spacing_(spacing) {
    for (const Stretch& stretch : stretches) missing_.insert(stretch.points.begin(), stretch.points.end());
    for (const PointKey& point : missing_)
      for (std::size_t i = 0; i < point.dims.size(); ++i) keep_the_ends(point, i);
    for (const auto& [kind, ends] : ends_) extremes_.insert({ends.first, ends.second});
  }

  std::vector<PointKey> of(const Stretch& stretch) const {
    std::vector<PointKey> missing;
    std::ranges::copy_if(stretch.points, std::back_inserter(missing),
                         [&](const auto& p) { return missing_.contains(p); });
    return missing;
  }

  // Of the missing ones that it holds, those that are to be known for it to have done its part.
  std::vector<PointKey> take(const Stretch& stretch) {
    if (spacing_ == Spacing::apart) return take_apart(of(stretch));
    for (const PointKey& point : stretch.points) missing_.erase(point);
    return stretch.points;
  }

 private:
  std::vector<PointKey> take_apart(const std::vector<PointKey>& candidates) {
    std::vector<PointKey> taken;
    for (const PointKey& point : candidates) {
      if (!missing_.contains(point)) continue;  // near one that was taken before it
      taken.push_back(point);
      std::erase_if(missing_, [&](const PointKey& other) {
        return other == point || (other.kind == point.kind && near(other, point) && !extremes_.contains(other));
      });
    }
    return taken;
  }

  // Beyond the smallest and the largest of a size nothing follows from others.
  void keep_the_ends(const PointKey& point, std::size_t size) {
    auto& [low, high] = ends_.try_emplace({point.kind, size}, point, point).first->second;
    if (point.dims[size] < low.dims[size]) low = point;
    if (point.dims[size] > high.dims[size]) high = point;
  }

  Spacing spacing_;
  std::set<PointKey> missing_, extremes_;
  std::map<std::pair<std::string, std::size_t>, std::pair<PointKey, PointKey>> ends_;  // by kind and size
};

// Puts one after another what adds most to what is held. What a stretch adds only falls while others are taken, so that
// one count anew settles it for the first of the list.
void choose(std::span<Stretch> from, Missing& missing, std::vector<Stretch>& chosen) {
  std::vector<std::size_t> adds;
  for (const Stretch& stretch : from) adds.push_back(stretch.points.size());
  while (true) {
    const auto most = std::ranges::max_element(adds);
    if (most == adds.end() || *most == 0) return;
    Stretch& next = from[static_cast<std::size_t>(most - adds.begin())];
    if (const std::size_t now = missing.of(next).size(); now < *most) {
      *most = now;
      continue;
    }
    next.wanted = missing.take(next);
    chosen.push_back(std::move(next));
    *most = 0;
  }
}

}  // namespace

std::vector<Stretch> stretches_of(std::span<const program::Program> programs, Exchanges exchanges, Begin begins,
                                  Spacing spacing, std::size_t first) {
  std::vector<Stretch> all = every_stretch(programs.first(first), exchanges, begins);
  const std::size_t before = all.size();
  std::ranges::move(every_stretch(programs.subspan(first), exchanges, begins), std::back_inserter(all));
  std::vector<Stretch> chosen = that_add_points(std::move(all), spacing, before);
  if (spacing == Spacing::apart)
    for (Stretch& stretch : chosen) stretch = calls_of_wanted(std::move(stretch));
  return chosen;
}

std::vector<Stretch> that_add_points(std::vector<Stretch> all, Spacing spacing, std::size_t first) {
  Missing missing(all, spacing);
  std::vector<Stretch> chosen;
  choose(std::span(all).first(first), missing, chosen);
  choose(std::span(all).subspan(first), missing, chosen);
  return chosen;
}

}  // namespace pipedit::profiler
