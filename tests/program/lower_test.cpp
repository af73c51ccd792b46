#include "program/lower/lower.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "core/error.h"
#include "models/model_json.h"
#include "tests/program/plans.h"

namespace pipedit::program {
namespace {

using tests::cluster;
using tests::model;
using tests::plan;

std::size_t tasks_in(const Program& program) {
  std::size_t count = 0;
  for (const Segment& segment : program.segments) count += segment.tasks.size();
  return count;
}

const Workload k720p =
    uniform_workload({.width = 1280, .height = 720, .frames = 129, .steps = 50, .text_tokens = 256}, 10);

TEST(Lower, GivesEqualProgramsForEqualInputs) {
  const Plan aco = plan({.denoise = 5, .decode = 3, .chunks = {2, 1}, .row_groups = 2, .lent_heads = 2});
  EXPECT_EQ(lower(model("hunyuanvideo"), cluster(8), k720p, aco), lower(model("hunyuanvideo"), cluster(8), k720p, aco));
}

TEST(Lower, AProgramIsADescriptionAndNotATrace) {
  // Ten requests of 50 steps of 60 blocks on eight ranks are some five million tasks.
  const Program program = lower(model("hunyuanvideo"), cluster(8), k720p,
                                plan({.denoise = 5, .decode = 3, .chunks = {2, 1}, .lent_heads = 2}));
  EXPECT_GT(tasks_in(program), 400u);
  EXPECT_LT(tasks_in(program), 2500u);
}

TEST(Lower, OneRankExchangesNothingButItsLatents) {
  const Program program = lower(model("hunyuanvideo"), cluster(1), k720p, plan({.denoise = 1}));
  for (const Segment& segment : program.segments)
    EXPECT_TRUE(segment.exchanges.empty() || segment.name == "gather") << segment.name;
}

// A host may be held up behind messages of tiles that are long to come, and its own tiles with it.
TEST(Lower, EveryRankEnqueuesTilesInTheOrderOfTheVideo) {
  const Program program = lower(model("hunyuanvideo"), cluster(4), k720p, plan({.denoise = 4}));
  std::map<Rank, std::vector<int>> tiles;
  for (const Segment& segment : program.segments)
    for (const Task& task : segment.tasks)
      if (segment.name == "decode" && (task.kind == OpKind::decode_tile || task.kind == OpKind::exchange))
        tiles[task.rank].push_back(task.chunk);
  ASSERT_EQ(tiles.size(), 4u);
  EXPECT_EQ(tiles[Rank{0}].size(), 84u);  // all of them: decoded or received
  for (const auto& [rank, order] : tiles) EXPECT_TRUE(std::ranges::is_sorted(order)) << index(rank);
}

TEST(Lower, RefusesWhatDoesNotGoTogether) {
  const auto message = [](const Plan& plan) {
    try {
      lower(model("hunyuanvideo"), cluster(8), k720p, plan);
    } catch (const InputError& e) {
      return std::string(e.what());
    }
    return std::string("accepted");
  };
  Plan ring = plan({.denoise = 8});
  ring.pipelines[0].ring = 2;
  EXPECT_EQ(message(ring), "/pipelines/0/ring: ring attention is not there yet");
  EXPECT_EQ(message(plan({.denoise = 5, .decode = 3, .lent_heads = 8})),
            "/pipelines/0/lent_heads: 24 heads are lent and the model has 24: the denoising ranks would have none");
}

TEST(Lower, DoesNotKeepTheTextStreamWhereThereIsNoText) {
  const Program program = lower(model("hunyuanvideo"), cluster(8), k720p, plan({.denoise = 8}));
  // The refiner (309,175,296) and the text half of the 20 double blocks (20 x 169,915,648) in bf16; rank 7 owns the
  // text rows.
  EXPECT_EQ(program.memory[7].weights.value - program.memory[0].weights.value, 2 * (309175296 + 20 * 169915648LL));
}

TEST(Lower, BuffersLieInsideTheirRanksMemory) {
  const Program program = lower(model("hunyuanvideo-tiny"), cluster(8), uniform_workload(tests::kTinyShape, 3),
                                plan({.denoise = 5, .decode = 3, .chunks = {1, 1}, .lent_heads = 2}));
  for (const Buffer& buffer : program.buffers) {
    const RankMemory& memory = program.memory[index(buffer.rank)];
    const Bytes limit = buffer.place == Place::device ? memory.arena : memory.pinned;
    EXPECT_LE(buffer.offset + buffer.extent.size() * buffer.copies, limit) << buffer.role;
    EXPECT_EQ(buffer.offset.value % 256, 0) << buffer.role;
  }
}

TEST(Lower, CountsWhatLibrariesTakeOfAGpu) {
  const auto memory = [](const tests::PlanShape& shape) {
    return lower(model("hunyuanvideo"), cluster(shape.denoise), k720p, plan(shape)).memory;
  };
  // The largest tile's temporaries, a sixteenth and 300 MB: on both ranks, since each decodes a full one.
  const std::int64_t tile = std::int64_t{640} * 65 * 256 * 256 * 2;
  for (const RankMemory& rank : memory({.denoise = 2}))
    EXPECT_EQ(rank.workspace, Bytes{tile + tile / 16 + 300'000'000});
  EXPECT_EQ(memory({.denoise = 2})[0].transport, Bytes{});
  // A communicator and its connections; and outputs come by runs of 12 of 24 heads, which NCCL cannot write in place:
  // 59,528 rows of 1,536 numbers in bf16. Of four ranks each has three peers, and 29,764 rows from each.
  EXPECT_EQ(memory({.denoise = 2, .transport = Transport::nccl})[0].transport,
            Bytes{600'000'000 + 400'000'000 + 59528LL * 1536 * 2});
  EXPECT_EQ(memory({.denoise = 4, .transport = Transport::nccl})[0].transport,
            Bytes{600'000'000 + 3 * 400'000'000 + 3 * 29764LL * 768 * 2});
}

}  // namespace
}  // namespace pipedit::program
