#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/profile.h"
#include "simulator/costs/cost_model.h"

namespace pipedit::simulator {

// What was measured of one kind of operation or transfer, and what follows for other sizes.
class MeasuredKind {
 public:
  MeasuredKind(std::string kind, DeviceKind device) : kind_(std::move(kind)), device_(device) {}
  void add(const ProfilePoint&);

  // As many sizes as the points have.
  Cost cost(const std::vector<std::int64_t>& dims) const;

 private:
  using Sizes = std::vector<std::int64_t>;
  struct Point {
    Sizes dims;
    Nanos time{0};
    std::vector<double> logs{};  // of dims
    double slowness = 0;         // logarithm of time over work
  };
  std::optional<Cost> on_a_line(const Sizes&) const;
  std::optional<Cost> between(const Sizes&, std::size_t dimension) const;
  Cost near(const Sizes&) const;
  bool inside(const Sizes&) const;
  Cost scaled(const Sizes&, double nanos_per_work, Provenance) const;

  double work(const Sizes&) const;  // what the time grows with: operations or bytes, up to a constant factor

  std::string kind_;
  DeviceKind device_;
  std::vector<Point> points_;
  std::map<Sizes, Nanos> exact_;  // the same points
  Sizes low_, high_;              // the smallest and the largest of each size
};

}  // namespace pipedit::simulator
