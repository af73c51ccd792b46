#include <gtest/gtest.h>

#include "tests/cli/golden.h"
#include "tests/cli/program.h"

namespace pipedit::cli_test {
namespace {

class HelpGolden : public testing::TestWithParam<std::string> {};

TEST_P(HelpGolden, SaysWhatACommandTakes) {
  const Outcome outcome = pipedit({GetParam(), "--help"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.err, "");
  expect_golden("help_" + GetParam(), outcome.out);
}

INSTANTIATE_TEST_SUITE_P(Commands, HelpGolden,
                         testing::Values("list", "devices", "profile", "plan", "show", "simulate", "run", "compare"),
                         [](const auto& instance) { return instance.param; });

TEST(ListGolden, NamesEverythingThatIsShipped) {
  const Outcome outcome = pipedit({"list"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.err, "");
  expect_golden("list", outcome.out);
}

TEST(HelpGolden, OfTheProgramNamesTheCommands) { expect_golden("help", pipedit({"--help"}).out); }

}  // namespace
}  // namespace pipedit::cli_test
