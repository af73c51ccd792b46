#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <deque>
#include <optional>
#include <vector>

#include "executor/backend.h"
#include "executor/backends/cpu/parking.h"
#include "executor/backends/cpu/turns.h"

namespace pipedit::executor {

// Lanes of one rank on a CPU: its one thread runs whichever lane's head is ready, the first in enqueue order, while its
// host waits.
class CpuQueues : public RankQueues {
 public:
  CpuQueues(Rank, Session&, Parking&, Turns&, Bytes workspace);
  void bind() override;
  void enqueue(program::Lane, Item) override;
  void wait_until(const std::function<bool()>& ready, std::optional<Nanos> deadline) override;
  bool reached(Event) override;
  void drain() override;
  void leave() noexcept override;

  // Heads of lanes whose waits are not met, in enqueue order; only while the rank's thread sleeps.
  std::vector<const Item*> heads() const;
  std::vector<const Item*> items() const;

 private:
  struct Entry {
    std::int64_t sequence;
    Item item;
  };
  struct Turn {
    int slot;
    std::chrono::steady_clock::time_point begin;
  };
  void pass_barriers();
  bool run_one();
  std::deque<Entry>* first_ready();
  void take_turn();
  void end_turn();
  bool is_ready(Item&);
  void run(const Item&);
  bool empty() const;

  Rank rank_;
  Session* session_;
  Parking* parking_;
  Turns* turns_;
  Bytes workspace_;
  std::optional<Turn> turn_;  // while this rank has a slot
  std::array<std::deque<Entry>, program::kLanes> lanes_;
  std::int64_t enqueued_ = 0;
};

}  // namespace pipedit::executor
