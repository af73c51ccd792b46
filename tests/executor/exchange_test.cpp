#include <gtest/gtest.h>

#include <thread>

#include "tests/executor/small_program.h"

namespace pipedit::executor::test {
namespace {

using namespace program;

constexpr int kRanks = 5;
constexpr std::int64_t kRows = 3, kElements = 7;

class ExchangeReading : public testing::TestWithParam<pipedit::Transport> {};

// All to all: rank s writes 100 s + t into the slot for t; afterwards slot s of rank t holds it. Sources are row-major,
// targets slot-major, so that every part is strided.
Program all_to_all(pipedit::Transport transport) {
  SmallProgram small(kRanks);
  const Extent source{kRanks, kRows, kElements, DType::f32, Layout::row_major};
  const Extent target{kRanks, kRows, kElements, DType::f32, Layout::slot_major};
  std::vector<BufferId> from, to;
  for (int rank = 0; rank < kRanks; ++rank) from.push_back(small.add_buffer(Rank{rank}, source));
  for (int rank = 0; rank < kRanks; ++rank) to.push_back(small.add_buffer(Rank{rank}, target));
  Exchange exchange{.transport = transport, .parts = {}};
  std::vector<Task> tasks;
  for (int rank = 0; rank < kRanks; ++rank) {
    for (int turn = 1; turn <= kRanks; ++turn) {
      const int peer = (rank + turn) % kRanks;
      exchange.parts.push_back({Rank{rank},
                                Rank{peer},
                                {from[static_cast<std::size_t>(rank)], {peer, peer + 1}, {0, kRows}},
                                {to[static_cast<std::size_t>(peer)], {rank, rank + 1}, {0, kRows}}});
    }
    const Region all{from[static_cast<std::size_t>(rank)], {0, kRanks}, {0, kRows}};
    const Region got{to[static_cast<std::size_t>(rank)], {0, kRanks}, {0, kRows}};
    tasks.push_back(task(Rank{rank}, Lane::compute, OpKind::pack_v));
    tasks.back().writes = {all};
    tasks.push_back(exchange_task(Rank{rank}, ExchangeId{0}, {TaskDone{TaskId{3 * rank}}}));
    tasks.push_back(task(Rank{rank}, Lane::compute, OpKind::attention, {Arrived{ExchangeId{0}}}));
    tasks.back().reads = {got};
  }
  const SegmentId id = small.add(segment(std::move(tasks), {exchange}));
  std::vector<Rank> ranks;
  for (int rank = 0; rank < kRanks; ++rank) ranks.push_back(Rank{rank});
  small.add_actor(ranks, {unit(UnitKind::step, {{id, 1}}, 3)});
  return small.program;
}

float* element(const View& view, std::int64_t slot, std::int64_t row) {
  return reinterpret_cast<float*>(view.data + slot * view.slot_stride + row * view.row_stride);
}

void write(const View& view, int rank, int step) {
  for (std::int64_t slot = 0; slot < view.slots; ++slot)
    for (std::int64_t row = 0; row < view.rows; ++row)
      for (std::int64_t e = 0; e < view.elements; ++e)
        element(view, slot, row)[e] = static_cast<float>(10000 * step + 1000 * rank + 100 * slot + 10 * row + e);
}

int wrong(const View& view, int rank, int step) {
  int count = 0;
  for (std::int64_t slot = 0; slot < view.slots; ++slot)
    for (std::int64_t row = 0; row < view.rows; ++row)
      for (std::int64_t e = 0; e < view.elements; ++e)
        count +=
            element(view, slot, row)[e] != static_cast<float>(10000 * step + 1000 * slot + 100 * rank + 10 * row + e);
  return count;
}

TEST_P(ExchangeReading, BringsEveryPartToItsPlace) {
  const Program program = all_to_all(GetParam());
  std::atomic<int> checked = 0;
  // Each rank reads before the next call's parts may come: the barrier of the step is between them.
  run_small(program, [&](const OpContext& context) {
    const int rank = static_cast<int>(context.task.rank);
    if (context.task.kind == OpKind::pack_v) write(context.writes[0], rank, context.bindings.step);
    if (context.task.kind != OpKind::attention) return;
    EXPECT_EQ(wrong(context.reads[0], rank, context.bindings.step), 0);
    ++checked;
  });
  EXPECT_EQ(checked, kRanks * 3);
}

INSTANTIATE_TEST_SUITE_P(Readings, ExchangeReading, testing::Values(pipedit::Transport::host, pipedit::Transport::nccl),
                         [](const testing::TestParamInfo<pipedit::Transport>& test) {
                           return test.param == pipedit::Transport::host ? "InTurn" : "Rendezvous";
                         });

// In turn a part goes as soon as its sender is there; a rendezvous waits for the last member.
TEST(Exchange, OnlyARendezvousWaitsForEveryMember) {
  for (const auto transport : {pipedit::Transport::host, pipedit::Transport::nccl}) {
    SmallProgram small(3);
    const Extent extent{.rows = 1, .elements = 4};
    const BufferId from = small.add_buffer(Rank{0}, extent), to = small.add_buffer(Rank{1}, extent),
                   idle = small.add_buffer(Rank{2}, extent);
    const Exchange exchange{.transport = transport,
                            .parts = {{Rank{0}, Rank{1}, {from, {0, 1}, {0, 1}}, {to, {0, 1}, {0, 1}}},
                                      {Rank{0}, Rank{2}, {from, {0, 1}, {0, 1}}, {idle, {0, 1}, {0, 1}}}}};
    // Rank 2 comes late, and only once rank 1 has read or a while has passed.
    const SegmentId id = small.add(segment(
        {exchange_task(Rank{0}, ExchangeId{0}), exchange_task(Rank{1}, ExchangeId{0}),
         task(Rank{1}, Lane::compute, OpKind::blend, {Arrived{ExchangeId{0}}}),
         task(Rank{2}, Lane::compute, OpKind::refine), exchange_task(Rank{2}, ExchangeId{0}, {TaskDone{TaskId{3}}})},
        {exchange}));
    small.add_actor({Rank{0}, Rank{1}, Rank{2}}, {unit(UnitKind::step, {{id, 0}})});
    std::atomic<bool> read = false, read_before = false;
    run_small(small.program, [&](const OpContext& context) {
      if (context.task.kind == OpKind::blend) read = true;
      if (context.task.kind != OpKind::refine) return;
      const int patience = transport == pipedit::Transport::host ? 5000 : 30;
      for (int i = 0; i < patience && !read; ++i) std::this_thread::sleep_for(1ms);
      read_before = read.load();
    });
    EXPECT_EQ(read_before, transport == pipedit::Transport::host);
  }
}

}  // namespace
}  // namespace pipedit::executor::test
