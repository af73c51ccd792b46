#pragma once

#include <utility>
#include <vector>

// Which event must come before which.
namespace pipedit::program {

using Edge = std::pair<int, int>;  // from, to: the second event comes after the first

struct Sorted {
  std::vector<int> order;  // of all events, unless there is a cycle
  std::vector<int> cycle;  // some events, each before the next and the last before the first
};
Sorted sort_events(int events, const std::vector<Edge>&);

// Reachability between events of chains (each a fixed order of some events): for every event and chain, how far along
// the chain the events before it reach. The same answer as sets of ancestors, at a number for each chain instead of a
// bit for each event.
class Clocks {
 public:
  // By event: its chain, or -1, and its place in it.
  Clocks(const std::vector<int>& order, const std::vector<Edge>&, int chains, const std::vector<int>& chain,
         const std::vector<int>& position);

  // `earlier` stands in a chain. An event is before itself.
  bool before(int earlier, int later) const {
    const auto event = static_cast<std::size_t>(earlier);
    return reach(later)[chain_[event]] >= position_[event];
  }

 private:
  int* reach(int event) { return reach_.data() + static_cast<std::size_t>(event) * static_cast<std::size_t>(chains_); }
  const int* reach(int event) const { return const_cast<Clocks*>(this)->reach(event); }

  int chains_;
  const std::vector<int>& chain_;
  const std::vector<int>& position_;
  std::vector<int> reach_;
};

}  // namespace pipedit::program
