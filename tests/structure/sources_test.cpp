#include "tests/structure/sources.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <regex>

namespace pipedit::structure {
namespace {

TEST(Sources, EveryFileThatCompilesIsListed) {
  const std::filesystem::path root = PIPEDIT_SOURCE_DIR;
  const auto files = source_files(root);
  ASSERT_THAT(files, testing::Contains(std::filesystem::path("tests/structure/sources.cpp")));
  std::vector<std::filesystem::path> built_by_nothing;
  for (const auto& file : files) {
    const bool compiles = file.extension() == ".cpp" || file.extension() == ".cu";
    if (compiles && !is_listed(root, file)) built_by_nothing.push_back(file);
  }
  EXPECT_THAT(built_by_nothing, testing::IsEmpty());
}

TEST(Sources, AFileThatNoListNamesIsFound) {
  const std::filesystem::path root = PIPEDIT_SOURCE_DIR;
  EXPECT_TRUE(is_listed(root, "tests/structure/sources.cpp"));
  EXPECT_FALSE(is_listed(root, "tests/structure/source.cpp"));
  EXPECT_FALSE(is_listed(root, "core/deeper/json.cpp"));
}

// How many blocks and steps there are, and in which order, stands in programs alone; a kernel may go over the heads of
// its own operation.
TEST(Sources, TheExecutorKnowsNoBlocksAndNoStepsToLoopOver) {
  const std::filesystem::path root = PIPEDIT_SOURCE_DIR;
  for (const auto& file : source_files(root)) {
    if (*file.begin() != "executor") continue;
    const std::string text = text_of(root / file);
    for (const char* count : {"num_double_blocks", "num_single_blocks"})
      EXPECT_EQ(text.find(count), std::string::npos) << file << " knows " << count;
    EXPECT_FALSE(std::regex_search(text, std::regex(R"((for|while) \([^\n]*\bsteps\b)")))
        << file << " loops over steps";
  }
}

TEST(Sources, AreSorted) {
  const auto files = source_files(PIPEDIT_SOURCE_DIR);
  EXPECT_TRUE(std::is_sorted(files.begin(), files.end()));
}

}  // namespace
}  // namespace pipedit::structure
