#include <algorithm>
#include <array>
#include <deque>
#include <random>

#include <gtest/gtest.h>

#include "tests/simulator/programs.h"

// Random programs on a CPU with more ranks than slots, against the rule of turns gone through tick by tick, and steps
// of them from the memo against expanded ones.
namespace pipedit::simulator::testing {
namespace {

constexpr int kRanks = 5;
constexpr Nanos kTick = 500us;

// Tasks that wait for earlier ones of the list; some take no time.
class Draw {
 public:
  explicit Draw(unsigned seed) : random_(seed) {}

  int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }

  std::vector<Task> tasks() {
    std::vector<Task> tasks;
    for (int left = pick(5, 40); left > 0; --left) {
      std::vector<Wait> waits;
      for (int i = pick(0, 2); i > 0 && !tasks.empty(); --i)
        waits.push_back(TaskDone{TaskId{pick(0, static_cast<int>(tasks.size()) - 1)}});
      const Lane lane = pick(0, 2) > 0 ? Lane::compute : Lane::send;
      tasks.push_back(task(pick(0, kRanks - 1), lane, kTick * std::max(0, pick(-1, 9)), waits));
    }
    return tasks;
  }

 private:
  std::mt19937 random_;
};

class Ticks {
 public:
  Ticks(const std::vector<Task>& tasks, int slots)
      : tasks_(tasks), times_(tasks.size(), Times{Nanos{-1}, Nanos{-1}}), free_(slots) {}

  std::vector<Times> times() {
    for (now_ = Nanos{0}; done_ < tasks_.size(); now_ += kTick) {
      end_tasks();
      while (pass_one()) {
      }
      for (int rank = 0; rank < kRanks; ++rank)
        if (!holds(rank) && std::ranges::find(line_, rank) == line_.end() && head(rank, true) >= 0) queue(rank);
      for (int rank = 0; rank < kRanks; ++rank)
        if (holds(rank) && at_[rank] < 0 && head(rank, true) < 0) leave(rank);
      for (int rank = 0; rank < kRanks; ++rank)
        if (holds(rank) && at_[rank] < 0) go_on(rank);
    }
    return times_;
  }

 private:
  bool holds(int rank) const { return since_[rank] >= Nanos{0}; }
  bool is_done(int task) const { return times_[static_cast<std::size_t>(task)].end >= Nanos{0}; }

  // The first task of the rank that can start, of those that take time or of those that take none.
  int head(int rank, bool works) const {
    std::array<bool, program::kLanes> blocked{};
    for (std::size_t i = 0; i < tasks_.size(); ++i) {
      const Task& task = tasks_[i];
      if (task.rank != Rank{rank} || is_done(static_cast<int>(i))) continue;
      bool& lane = blocked[static_cast<std::size_t>(task.lane)];
      const bool ready = !lane && std::ranges::all_of(task.waits, [&](const Wait& wait) {
        return is_done(static_cast<int>(std::get<TaskDone>(wait).task));
      });
      if (ready && (time_of(i) > Nanos{0}) == works) return static_cast<int>(i);
      lane = true;
    }
    return -1;
  }

  Nanos time_of(std::size_t task) const { return Nanos{std::get<program::BytesShape>(tasks_[task].shape).size.value}; }

  void end(int task) {
    times_[static_cast<std::size_t>(task)].end = now_;
    ++done_;
  }

  void end_tasks() {
    for (int& task : at_)
      if (task >= 0 && times_[static_cast<std::size_t>(task)].start + time_of(static_cast<std::size_t>(task)) == now_) {
        end(task);
        task = -1;
      }
  }

  bool pass_one() {
    for (int rank = 0; rank < kRanks; ++rank)
      if (const int task = at_[rank] < 0 ? head(rank, false) : -1; task >= 0) {
        times_[static_cast<std::size_t>(task)].start = now_;
        end(task);
        return true;
      }
    return false;
  }

  void start(int rank) {
    at_[rank] = head(rank, true);
    times_[static_cast<std::size_t>(at_[rank])].start = now_;
  }

  void serve() {
    for (; free_ > 0 && !line_.empty(); line_.pop_front(), --free_) {
      since_[line_.front()] = now_;
      start(line_.front());
    }
  }

  void queue(int rank) {
    line_.push_back(rank);
    serve();
  }

  void leave(int rank) {
    since_[rank] = Nanos{-1};
    ++free_;
    serve();
  }

  void go_on(int rank) {
    if (line_.empty() || now_ - since_[rank] < 2ms) return start(rank);
    leave(rank);
    queue(rank);
  }

  const std::vector<Task>& tasks_;
  std::vector<Times> times_;
  Nanos now_{0};
  std::size_t done_ = 0;
  std::array<int, kRanks> at_ = filled(-1);
  std::array<Nanos, kRanks> since_ = filled(Nanos{-1});
  std::deque<int> line_;
  int free_;

  template <class T>
  static std::array<T, kRanks> filled(T value) {
    std::array<T, kRanks> made;
    made.fill(value);
    return made;
  }
};

ProgramBuilder builder() { return std::move(ProgramBuilder(kRanks).devices(std::vector<int>(kRanks, 0))); }

TEST(TurnsFuzz, TasksStartWhenTheRuleSays) {
  for (unsigned seed = 0; seed < 500; ++seed) {
    const std::vector<Task> tasks = Draw(seed).tasks();
    const int slots = 1 + static_cast<int>(seed % 3);
    ProgramBuilder made = builder();
    const Timeline timeline = simulate(one_segment(made, kRanks, tasks), one_cpu(slots), GivenCosts());
    const std::vector<Times> expected = Ticks(tasks, slots).times();
    for (std::size_t task = 0; task < expected.size(); ++task)
      ASSERT_EQ(at(timeline, static_cast<int>(task)), expected[task]) << "seed " << seed << ", task " << task;
  }
}

TEST(TurnsFuzz, StepsFromTheMemoEqualExpandedOnes) {
  std::int64_t reused = 0;
  for (unsigned seed = 0; seed < 300; ++seed) {
    ProgramBuilder made = builder();
    const int step = made.segment(Draw(seed).tasks()), decode = made.segment(Draw(seed + 1000).tasks());
    const Unit steps = unit(UnitKind::step, {step}, 20);
    made.actor("a", {0, 1, 2, 3, 4}, {steps, unit(UnitKind::decode, {decode})}).requests({0ns, 0ns});
    const Cluster cluster = one_cpu(1 + static_cast<int>(seed % 3));
    Timeline timeline = simulate(made.build(), cluster, GivenCosts());
    reused += std::exchange(timeline.steps_reused, 0);
    ASSERT_EQ(timeline, simulate(made.build(), cluster, GivenCosts(), {.full = true, .decisions = {}})) << seed;
  }
  EXPECT_GT(reused, 300 * 40 * 8 / 10);
}

}  // namespace
}  // namespace pipedit::simulator::testing
