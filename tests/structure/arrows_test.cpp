#include "tests/structure/arrows.h"

#include <gmock/gmock.h>

#include "tests/structure/sources.h"

namespace pipedit::structure {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Arrows, EveryIncludeOfTheTreeFollowsThem) {
  const std::filesystem::path root = PIPEDIT_SOURCE_DIR;
  const auto files = source_files(root);
  ASSERT_THAT(files, testing::Contains(std::filesystem::path("core/error.h")));
  for (const auto& file : files) EXPECT_THAT(forbidden_includes(file.string(), text_of(root / file)), IsEmpty());
}

TEST(Arrows, ARoomUsesItselfAndTheRoomsBelowIt) {
  EXPECT_THAT(forbidden_includes("planner/search.cpp", "#include \"planner/space.h\"\n#include \"core/plan.h\"\n"),
              IsEmpty());
}

TEST(Arrows, NothingPointsUp) {
  EXPECT_THAT(forbidden_includes("models/wan/blocks.cpp", "#pragma once\n#include \"program/op.h\"\n"),
              ElementsAre("models/wan/blocks.cpp:2: program/op.h: models may not use program"));
}

TEST(Arrows, TheSimulatorAndTheExecutorDoNotKnowEachOther) {
  EXPECT_THAT(forbidden_includes("simulator/a.h", "#include \"executor/backend.h\"\n"), testing::SizeIs(1));
  EXPECT_THAT(forbidden_includes("executor/a.h", "#include \"simulator/simulate.h\"\n"), testing::SizeIs(1));
}

TEST(Arrows, OnlyTheModuleOfTheCommandLineReachesTheExecutor) {
  const char* line = "#include \"executor/execute.h\"\n";
  EXPECT_THAT(forbidden_includes("cli/run.cpp", line), testing::SizeIs(1));
  EXPECT_THAT(forbidden_includes("cli/module/run.cpp", line), IsEmpty());
}

TEST(Arrows, TheCommandLineDoesNotIncludeTheModuleItOpens) {
  EXPECT_THAT(forbidden_includes("cli/main.cpp", "#include \"cli/module/run.h\"\n"),
              ElementsAre("cli/main.cpp:1: cli/module/run.h: cli may not use cli/module"));
}

TEST(Arrows, TorchAndCudaStayInExecutorAndProfiler) {
  const char* lines = "#include <ATen/core/Tensor.h>\n# include  <cuda_runtime.h> // streams\n#include <nccl.h>\n";
  EXPECT_THAT(forbidden_includes("planner/search.cpp", lines), testing::SizeIs(3));
  EXPECT_THAT(forbidden_includes("tests/planner/search_test.cpp", lines), testing::SizeIs(3));
  EXPECT_THAT(forbidden_includes("executor/ops/gemm.cpp", lines), IsEmpty());
  EXPECT_THAT(forbidden_includes("tests/executor/gemm_test.cpp", lines), IsEmpty());
}

TEST(Arrows, AHeaderIsNamedFromTheRoot) {
  EXPECT_THAT(forbidden_includes("core/json.cpp", "#include \"json.h\"\n"),
              ElementsAre("core/json.cpp:1: json.h: a header is named from the root"));
}

}  // namespace
}  // namespace pipedit::structure
