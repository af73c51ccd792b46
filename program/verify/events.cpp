#include "program/verify/events.h"

#include <algorithm>

#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/depth_first_search.hpp>
#include <boost/range/iterator_range.hpp>

namespace pipedit::program {

namespace {

using Graph = boost::compressed_sparse_row_graph<boost::directedS>;

// Thrown by the search: its visitors cannot stop it in another way.
struct CycleClosed {
  int from, to;
};

struct Visitor : boost::default_dfs_visitor {
  std::vector<int>* finished;
  std::vector<int>* parent;

  template <class E>
  void tree_edge(E edge, const Graph& graph) const {
    (*parent)[target(edge, graph)] = static_cast<int>(source(edge, graph));
  }
  template <class E>
  void back_edge(E edge, const Graph& graph) const {
    throw CycleClosed{static_cast<int>(source(edge, graph)), static_cast<int>(target(edge, graph))};
  }
  template <class V>
  void finish_vertex(V event, const Graph&) const {
    finished->push_back(static_cast<int>(event));
  }
};

std::vector<int> cycle_of(const CycleClosed& closed, const std::vector<int>& parent) {
  std::vector<int> cycle{closed.from};
  while (cycle.back() != closed.to) cycle.push_back(parent[static_cast<std::size_t>(cycle.back())]);
  std::ranges::reverse(cycle);
  return cycle;
}

}  // namespace

Sorted sort_events(int events, const std::vector<Edge>& edges) {
  const auto count = static_cast<std::size_t>(events);
  const Graph graph(boost::edges_are_unsorted_multi_pass, edges.begin(), edges.end(), count);
  Sorted sorted;
  sorted.order.reserve(count);
  std::vector<int> parent(count, -1);
  Visitor visitor;
  visitor.finished = &sorted.order;
  visitor.parent = &parent;
  try {
    boost::depth_first_search(graph, boost::visitor(visitor));
  } catch (const CycleClosed& closed) {
    return {{}, cycle_of(closed, parent)};
  }
  std::ranges::reverse(sorted.order);
  return sorted;
}

Clocks::Clocks(const std::vector<int>& order, const std::vector<Edge>& edges, int chains, const std::vector<int>& chain,
               const std::vector<int>& position)
    : chains_(chains), chain_(chain), position_(position) {
  const auto width = static_cast<std::size_t>(chains);
  reach_.assign(order.size() * width, -1);
  const Graph graph(boost::edges_are_unsorted_multi_pass, edges.begin(), edges.end(), order.size());
  for (const int event : order) {
    const auto at = static_cast<std::size_t>(event);
    if (chain[at] >= 0) reach(event)[chain[at]] = position[at];
    for (const auto edge : boost::make_iterator_range(out_edges(at, graph))) {
      int* later = reach(static_cast<int>(target(edge, graph)));
      const int* earlier = reach(event);
      for (std::size_t i = 0; i < width; ++i) later[i] = std::max(later[i], earlier[i]);
    }
  }
}

}  // namespace pipedit::program
