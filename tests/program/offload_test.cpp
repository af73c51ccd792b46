#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "models/registry.h"
#include "program/lower/lower.h"
#include "program/show.h"
#include "program/verify/verify.h"
#include "tests/program/plans.h"
#include "tests/program/seeds.h"

// Which weights an off-loading program loads, where, and who uses them.
namespace pipedit::program {
namespace {

using testing::HasSubstr;
using tests::cluster;
using tests::faults_of;
using tests::has;
using tests::lowered;
using tests::tasks_where;
using tests::text;

const tests::PlanShape kTwo{.denoise = 2, .memory = Memory::offload};
const tests::PlanShape kApart{.denoise = 2, .decode = 2, .memory = Memory::offload};

Task& task_at(Program& program, const tests::Place& place) { return program.segments[place.segment].tasks[place.item]; }

TEST(OffLoad, EveryWeightHasItsPlaceInOneSet) {
  const Program program = lowered(kTwo, "hunyuanvideo");
  std::set<std::string> names, expected;
  for (const auto& spec : models::weights_of(tests::model("hunyuanvideo"))) expected.insert(spec.name);
  Bytes sum;
  for (const WeightSet& set : program.weight_sets)
    for (const WeightPlace& place : set.places) {
      EXPECT_TRUE(names.insert(place.name).second) << place.name;
      EXPECT_EQ(place.name.starts_with("vae."), set.stage == "decoder") << place.name;
      sum += place.size;
    }
  EXPECT_EQ(names, expected);
  EXPECT_EQ(sum.value, 2 * models::parameter_count(models::weights_of(tests::model("hunyuanvideo"))));  // bf16
}

TEST(OffLoad, PlacesAreAlignedAndSideBySide) {
  for (const WeightSet& set : lowered(kTwo).weight_sets) {
    Bytes end;
    for (const WeightPlace& place : set.places) {
      EXPECT_EQ(place.offset.value % 256, 0) << place.name;
      EXPECT_GE(place.offset, end) << place.name;
      EXPECT_LT(place.offset.value, end.value + 256) << place.name;
      end = place.offset + place.size;
    }
    EXPECT_EQ(set.extent(), end);
  }
}

// Both replicas and both shapes of request load the same sets.
TEST(OffLoad, SetsAreThereOnce) {
  Plan replicas = tests::plan(kTwo);
  replicas.pipelines.push_back(replicas.pipelines.front());
  for (Rank& rank : replicas.pipelines.back().denoise) rank = Rank{index(rank) == 0 ? 2 : 3};
  replicas.pipelines.back().decode = replicas.pipelines.back().denoise;
  Workload workload = uniform_workload(tests::kTinyShape, 2);
  workload.shapes.push_back(workload.shapes.front());
  workload.shapes.back().frames = 9;
  workload.requests.push_back({.shape = 1, .arrival = {}, .prompt = {}});
  const Program program = lower(tests::model("hunyuanvideo-tiny"), cluster(4), workload, replicas);
  EXPECT_EQ(program.weight_sets.size(), 2u);
  EXPECT_EQ(text(faults_of(program)), "");
  const auto loads = tasks_where(program, [](const Task& task) { return task.kind == OpKind::load_weights; });
  EXPECT_EQ(loads.size(), 2u * 2 * 4);  // stages, shapes, ranks
}

TEST(OffLoad, OperationsTakeTheirStagesWeightsFromTheirOwnRank) {
  for (const tests::PlanShape& shape : {kTwo, kApart}) {
    const Program program = lowered(shape);
    int users = 0;
    for (const Segment& segment : program.segments)
      for (const Task& task : segment.tasks) {
        ASSERT_EQ(task.loaded_weights.has_value(), uses_weights(task.kind)) << label(task);
        if (!task.loaded_weights) continue;
        const Buffer& buffer = program.buffer(*task.loaded_weights);
        EXPECT_EQ(buffer.rank, task.rank) << label(task);
        EXPECT_EQ(program.weight_sets.at(index(*buffer.holds)).stage,
                  task.kind == OpKind::decode_tile ? "decoder" : "transformer");
        ++users;
      }
    EXPECT_GT(users, 40);
  }
}

TEST(OffLoad, ResidentProgramsLoadNothing) {
  const Program program = lowered({.denoise = 2});
  EXPECT_TRUE(program.weight_sets.empty());
  for (const Buffer& buffer : program.buffers) EXPECT_FALSE(buffer.holds);
}

// The peak holds the weights of one stage, in the arena, and nothing that is resident.
TEST(OffLoad, MemoryCountsTheBuffersAlone) {
  const Program off = lowered(kTwo, "hunyuanvideo"), resident = lowered({.denoise = 2}, "hunyuanvideo");
  const Bytes stage = off.weight_sets.front().extent();  // the larger one
  for (int rank = 0; rank < 2; ++rank) {
    const RankMemory& memory = off.memory[static_cast<std::size_t>(rank)];
    EXPECT_EQ(memory.weights.value, 0);
    EXPECT_GE(memory.arena, stage);
    EXPECT_LE(memory.arena, stage + resident.memory[static_cast<std::size_t>(rank)].arena + Bytes{256});
    EXPECT_EQ(memory.contributors.front().role, "transformer weights");
  }
}

TEST(OffLoad, ADroppedLoadIsFound) {
  for (const tests::PlanShape& shape : {kTwo, kApart}) {
    const Program whole = lowered(shape);
    const auto loads = tasks_where(whole, [](const Task& task) { return task.kind == OpKind::load_weights; });
    ASSERT_EQ(loads.size(), 4u);
    for (const tests::Place& load : loads) {
      Program program = whole;
      auto& tasks = program.segments[load.segment].tasks;
      const std::string role = program.buffer(tasks[load.item].writes.front().buffer).role;
      tasks.erase(tasks.begin() + static_cast<std::ptrdiff_t>(load.item));
      const std::vector<Fault> faults = faults_of(program);
      EXPECT_TRUE(has(faults, FaultKind::coverage)) << text(faults);
      EXPECT_THAT(text(faults), HasSubstr("reads " + role));
    }
  }
}

TEST(OffLoad, AnOperationThatForgetsWhereItsWeightsAreIsFound) {
  const Program whole = lowered(kTwo);
  for (const tests::Place& user : tasks_where(whole, [](const Task& task) { return uses_weights(task.kind); })) {
    Program program = whole;
    task_at(program, user).loaded_weights.reset();
    EXPECT_THAT(text(faults_of(program)), HasSubstr("it names none that are loaded")) << label(task_at(program, user));
  }
}

TEST(OffLoad, AnotherRanksWeightsAreNotTaken) {
  Program program = lowered(kTwo);
  const auto user = tasks_where(program, [](const Task& task) { return task.kind == OpKind::condition; }).front();
  const auto other = tasks_where(program, [&](const Task& task) {
                       return task.kind == OpKind::condition && task.rank == Rank{1};
                     }).front();
  task_at(program, user).loaded_weights = task_at(program, other).loaded_weights;
  EXPECT_THAT(text(faults_of(program)), HasSubstr("in a buffer that is not there for its rank's weights"));
}

TEST(OffLoad, ASetThatDoesNotFitIsFound) {
  const Program whole = lowered(kTwo);
  Program overlapping = whole;
  overlapping.weight_sets[0].places[1].offset = {};
  EXPECT_THAT(text(faults_of(overlapping)), HasSubstr("weights of the transformer: "));
  Program larger = whole;
  larger.weight_sets[0].places.back().size += Bytes{1 << 20};
  EXPECT_THAT(text(faults_of(larger)), HasSubstr("bytes of transformer weights, which has"));
}

TEST(OffLoad, ShowSaysWhatIsLoadedTogether) {
  const std::string shown = show(lowered(kTwo), cluster(2));
  EXPECT_THAT(shown, HasSubstr("weights loaded from the host's copy\n  transformer: "));
  EXPECT_THAT(shown, HasSubstr("  decoder: "));
  EXPECT_THAT(show(lowered({.denoise = 2}), cluster(2)), testing::Not(HasSubstr("the host's copy")));
}

}  // namespace
}  // namespace pipedit::program
