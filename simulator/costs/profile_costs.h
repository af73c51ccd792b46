#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/profile.h"
#include "simulator/costs/analytic_costs.h"
#include "simulator/costs/cost_model.h"
#include "simulator/costs/measured_kind.h"

namespace pipedit::simulator {

// Costs from measurements. A measured size costs what was measured. Between two sizes that differ in one dimension the
// utilisation (operations or bytes a second) is interpolated; elsewhere that of the nearest sizes is taken, weighted by
// their distance; outside of all sizes that of the nearest edge is held, and the cost marked extrapolated.
// Where ranks share a device, the points count that were measured with as many tasks side by side, or the most below.
// Host times of launches, which profiles do not hold, come from the cluster.
class ProfileCosts : public CostModel {
 public:
  ProfileCosts(Profile profile, const Cluster& cluster);

  // Throws InputError, naming the kind and its sizes, where the profile has nothing of that kind.
  Cost task(const program::Program&, const program::Task&) const override;
  Nanos launch(const program::Program&, const program::Task&) const override;
  Cost part(const program::Program&, Transport, const program::Part&) const override;
  double contention(program::OpKind, Transport) const override;
  double sharing_loss() const override { return profile_.sharing_loss; }

 private:
  Cost look_up(const program::Program&, Rank, const program::OpCost&) const;
  int busy_on(const program::Program&, DeviceId) const;
  [[noreturn]] void refuse(const program::OpCost&) const;

  Profile profile_;
  std::map<std::string, std::map<int, MeasuredKind>> kinds_;  // by kind, then by tasks side by side
  std::map<std::pair<std::string, Transport>, double> contention_;
  std::vector<int> slots_;  // by device
  AnalyticCosts analytic_;
};

}  // namespace pipedit::simulator
