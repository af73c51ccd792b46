#pragma once

#include <cstdint>
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
  explicit MeasuredKind(std::string kind) : kind_(std::move(kind)) {}
  void add(const ProfilePoint&);

  // Throws Error when the sizes are not as many as the points'.
  Cost cost(const std::vector<std::int64_t>& dims) const;

 private:
  using Sizes = std::vector<std::int64_t>;
  struct Point {
    Sizes dims;
    Nanos time{0};
  };
  std::optional<Cost> on_a_line(const Sizes&) const;
  std::optional<Cost> between(const Sizes&, std::size_t dimension) const;
  Cost near(const Sizes&) const;
  bool inside(const Sizes&) const;
  Cost scaled(const Sizes&, double nanos_per_work, Provenance) const;

  std::string kind_;
  std::vector<Point> points_;
};

// What the time of a kind grows with: operations or bytes, up to a constant factor.
double work_of(std::string_view kind, const std::vector<std::int64_t>& dims);

}  // namespace pipedit::simulator
