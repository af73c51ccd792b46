#pragma once

#include <map>
#include <vector>

#include "simulator/engine/world.h"

namespace pipedit::simulator {

// Nobody but `giver` hands latents to the receiver or borrows it, now or later.
bool only_giver(const World&, ActorId giver, ActorId receiver);

// Who can touch the devices and links (and with the devices the hosts) that a unit uses.
class Resources {
 public:
  // Nobody but the unit can until it ends: every other actor has others, or can do nothing before this unit's actor
  // gives it something to do.
  bool untouched(World&, const Run&);

 private:
  using Set = std::vector<bool>;  // devices, then directions of links
  Set empty(const World&) const;
  void add(World&, Set&, const SegmentGraph&) const;
  void add_ranks(const World&, Set&, const std::vector<Rank>&) const;
  const Set& of_unit(World&, const UnitPlan&);
  const Set& of_actor(World&, std::size_t actor);

  std::map<const UnitPlan*, Set> units_;
  std::map<std::size_t, Set> actors_;
};

}  // namespace pipedit::simulator
