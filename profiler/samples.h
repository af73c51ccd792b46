#pragma once

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "core/profile.h"
#include "core/timeline.h"
#include "profiler/stretch.h"

namespace pipedit::profiler {

// Times by point.
class Samples {
 public:
  // Every task of a run but those of the first `warming` calls.
  void add(const Timeline&, const program::Program&, int warming);
  // A task's. That of an exchange is shared out over its parts by their bytes.
  void add(const std::vector<PointKey>& keys, Nanos time);

  // Whether each of these points has so many samples and a median known this well.
  bool enough(const std::vector<PointKey>&, int fewest, double tolerance) const;

  // By kind and dims; those that have so many samples, or are among these.
  std::vector<ProfilePoint> points(int busy, int fewest = 0, const std::set<PointKey>& wanted = {}) const;

 private:
  std::map<PointKey, std::vector<Nanos>> times_;
};

}  // namespace pipedit::profiler
