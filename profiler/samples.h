#pragma once

#include <map>
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
  // Others beside them, or those alone of points that these do not know yet.
  void add(const Samples& others);
  void adopt(Samples others) { times_.merge(others.times_); }

  // Whether each of these points has so many samples and a median known this well.
  bool enough(const std::vector<PointKey>&, int fewest, double tolerance) const;

  // By kind and dims.
  std::vector<ProfilePoint> points(int busy) const;

 private:
  std::map<PointKey, std::vector<Nanos>> times_;
};

}  // namespace pipedit::profiler
