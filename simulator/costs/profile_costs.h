#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/profile.h"
#include "simulator/costs/analytic_costs.h"
#include "simulator/costs/attention_choice.h"
#include "simulator/costs/cost_model.h"
#include "simulator/costs/measured_kind.h"

namespace pipedit::simulator {

// Costs from measurements. A measured size costs what was measured. Between two sizes that differ in one dimension the
// utilisation (operations or bytes a second) is interpolated; elsewhere that of the nearest sizes is taken, weighted by
// their distance; outside of all sizes that of the nearest edge is held, and the cost marked extrapolated.
// Where ranks share a device, the points count that were measured with as many tasks side by side, or the most below.
// Host times of launches, which profiles do not hold, come from the cluster; so do transfers between GPUs where the
// profile is of one GPU ("exchange.peer": between its ranks, "link.peer": between GPUs), and slowdowns beside
// transports that it was not measured with.
class ProfileCosts : public CostModel {
 public:
  // `attention` is the kernel that a plan names; "auto": the fastest of those measured at a task's length. `name` is
  // what errors call the profile. Throws InputError for a point that has not as many sizes as its kind.
  ProfileCosts(Profile profile, const Cluster& cluster, std::string attention = "auto", std::string name = "profile");

  // Throws InputError, naming the profile, the kind and its sizes, where the profile has nothing of that kind.
  Cost task(const program::Program&, const program::Task&) const override;
  Nanos launch(const program::Program&, const program::Task&) const override;
  Cost part(const program::Program&, Transport, const program::Part&) const override;
  std::optional<Nanos> kernel_launch(Transport) const override;
  double contention(program::OpKind, Transport) const override;
  double sharing_loss() const override { return profile_.sharing_loss; }

 private:
  Cost look_up(const program::Program&, Rank, const program::OpCost&) const;
  void check_points() const;
  std::string kind_of(const program::OpCost&) const;
  bool holds(const std::string& kind) const { return kinds_.contains(kind); }
  int busy_on(const program::Program&, DeviceId) const;
  void fill_contention(const Cluster&);
  [[noreturn]] void refuse(const program::OpCost&) const;

  Profile profile_;
  std::map<std::string, std::map<int, MeasuredKind>> kinds_;  // by kind, then by tasks side by side
  std::map<std::pair<std::string, Transport>, double> contention_;
  std::set<Transport> with_contention_;  // transports that it was measured with
  std::vector<int> slots_;               // by device
  std::string attention_, name_;
  AttentionChoice choice_;
  AnalyticCosts analytic_;
};

}  // namespace pipedit::simulator
