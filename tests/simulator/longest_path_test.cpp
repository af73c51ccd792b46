#include <algorithm>
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "tests/simulator/programs.h"

// Random programs without anything shared (a device a rank, wide links, hosts that enqueue in no time): there a task
// starts at the end of the longest path to it, which is worked out here task by task, without events.
namespace pipedit::simulator::testing {
namespace {

constexpr int kRanks = 4;

struct Drawn {
  std::vector<Task> tasks;
  std::vector<Exchange> exchanges;
  ProgramBuilder builder{kRanks};
};

class Draw {
 public:
  Draw(unsigned seed, Transport transport) : random_(seed), transport_(transport) {}

  Drawn draw() {
    for (int i = pick(5, 40); i > 0; --i) {
      if (pick(0, 3) == 0)
        add_exchange();
      else
        drawn_.tasks.push_back(
            task(pick(0, kRanks - 1), static_cast<Lane>(pick(0, 3)), Nanos{pick(0, 50)}, some_waits()));
    }
    return std::move(drawn_);
  }

 private:
  int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }

  std::vector<Wait> some_waits() { return waits_before(static_cast<int>(drawn_.tasks.size())); }

  std::vector<Wait> waits_before(int tasks) {
    std::vector<Wait> waits;
    for (int i = pick(0, 2); i > 0 && tasks > 0; --i) waits.push_back(TaskDone{TaskId{pick(0, tasks - 1)}});
    if (!drawn_.exchanges.empty() && pick(0, 1) == 0)
      waits.push_back(Arrived{ExchangeId{pick(0, static_cast<int>(drawn_.exchanges.size()) - 1)}});
    return waits;
  }

  void add_exchange() {
    std::vector<Move> moves;
    for (int i = pick(1, 6); i > 0; --i) moves.push_back({pick(0, kRanks - 1), pick(0, kRanks - 1), pick(1, 60)});
    const int id = static_cast<int>(drawn_.exchanges.size()), before = static_cast<int>(drawn_.tasks.size());
    for (int rank = 0; rank < kRanks; ++rank)
      if (std::ranges::any_of(moves, [&](const Move& m) { return m.from == rank || m.to == rank; }))
        drawn_.tasks.push_back(member(rank, id, waits_before(before)));
    drawn_.exchanges.push_back(drawn_.builder.exchange(transport_, moves));
  }

  std::mt19937 random_;
  Transport transport_;
  Drawn drawn_;
};

// Tasks wait for earlier ones of the list alone, so one pass is enough, with all members of a rendezvous at once.
class LongestPaths {
 public:
  explicit LongestPaths(const Drawn& drawn) : drawn_(drawn), times_(drawn.tasks.size()) {}

  std::vector<Times> times() {
    for (std::size_t i = 0; i < times_.size(); ++i) {
      const Task& task = drawn_.tasks[i];
      times_[i].start = ready(task);
      if (const auto* shape = std::get_if<program::ExchangeShape>(&task.shape))
        move(i, static_cast<std::size_t>(shape->exchange));
      else
        end(i, times_[i].start + Nanos{std::get<program::BytesShape>(task.shape).size.value});
    }
    return times_;
  }

 private:
  Nanos ready(const Task& task) {
    Nanos time = lane_[{task.rank, task.lane}];
    for (const Wait& wait : task.waits) {
      if (const auto* done = std::get_if<TaskDone>(&wait)) time = std::max(time, times_[index(done->task)].end);
      if (const auto* arrived = std::get_if<Arrived>(&wait))
        time = std::max(time, arrived_[{arrived->exchange, task.rank}]);
    }
    return time;
  }

  void end(std::size_t task, Nanos time) {
    times_[task].end = time;
    lane_[{drawn_.tasks[task].rank, drawn_.tasks[task].lane}] = time;
  }

  Nanos duration(const Part& part) const { return Nanos{part.source.rows.size()}; }

  void arrive(std::size_t exchange, const Part& part, Nanos time) {
    Nanos& last = arrived_[{ExchangeId{static_cast<int>(exchange)}, part.to}];
    last = std::max(last, time);
  }

  void move(std::size_t task, std::size_t exchange) {
    if (program::reading_of(drawn_.exchanges[exchange].transport) == program::Reading::rendezvous)
      return meet(task, exchange);
    Nanos time = times_[task].start;
    for (const Part& part : drawn_.exchanges[exchange].parts) {
      if (part.from != drawn_.tasks[task].rank) continue;
      time += duration(part);
      arrive(exchange, part, time);
    }
    end(task, time);
  }

  // The last member in the list knows when all are there.
  void meet(std::size_t task, std::size_t exchange) {
    std::vector<std::size_t>& members = members_[exchange];
    members.push_back(task);
    const auto ranks = [&](const Part& part) { return std::pair(part.from, part.to); };
    std::vector<Rank> all;
    for (const Part& part : drawn_.exchanges[exchange].parts)
      for (const Rank rank : {ranks(part).first, ranks(part).second})
        if (std::ranges::find(all, rank) == all.end()) all.push_back(rank);
    if (members.size() < all.size()) return;
    Nanos start{0};
    for (const std::size_t member : members) start = std::max(start, times_[member].start);
    for (const std::size_t member : members) {
      Nanos last{0};
      for (const Part& part : drawn_.exchanges[exchange].parts)
        if (part.from == drawn_.tasks[member].rank || part.to == drawn_.tasks[member].rank)
          last = std::max(last, duration(part));
      end(member, start + last);
    }
    for (const Part& part : drawn_.exchanges[exchange].parts) arrive(exchange, part, start + duration(part));
  }

  const Drawn& drawn_;
  std::vector<Times> times_;
  std::map<std::pair<Rank, Lane>, Nanos> lane_;
  std::map<std::pair<ExchangeId, Rank>, Nanos> arrived_;
  std::map<std::size_t, std::vector<std::size_t>> members_;
};

Cluster wide_gpus() {
  Cluster cluster = gpus(kRanks);
  for (Link& link : cluster.links) link.bandwidth = BytesPerSecond{1e15};
  return cluster;
}

void check(Transport transport) {
  for (unsigned seed = 0; seed < 500; ++seed) {
    Drawn drawn = Draw(seed, transport).draw();
    const std::vector<Times> expected = LongestPaths(drawn).times();
    const Program program = one_segment(drawn.builder, kRanks, drawn.tasks, drawn.exchanges);
    const Timeline timeline = simulate(program, wide_gpus(), GivenCosts());
    for (std::size_t task = 0; task < expected.size(); ++task)
      ASSERT_EQ(at(timeline, static_cast<int>(task)), expected[task]) << "seed " << seed << ", task " << task;
  }
}

TEST(LongestPathFuzz, TasksStartThereInTurn) { check(Transport::peer); }
TEST(LongestPathFuzz, TasksStartThereAtARendezvous) { check(Transport::nccl); }

}  // namespace
}  // namespace pipedit::simulator::testing
