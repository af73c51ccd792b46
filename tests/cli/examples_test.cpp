#include <gmock/gmock.h>

#include <cstdlib>

#include "tests/cli/program.h"

namespace pipedit::cli_test {
namespace {

// The lines under "Example:", with the program that is tested.
std::string example_of(const std::string& command) {
  std::string text = pipedit({command, "--help"}).out;
  text = text.substr(text.find("\nExample:\n") + 10);
  const std::string shown = "build/release/bin/pipedit", tested = PIPEDIT_BINARY_DIR "/bin/pipedit";
  // On behind what was put in: it may contain what is looked for.
  for (auto at = text.find(shown); at != std::string::npos; at = text.find(shown, at + tested.size()))
    text.replace(at, shown.size(), tested);
  return text;
}

class Examples : public testing::TestWithParam<std::string> {};

TEST_P(Examples, OfHelpWork) {
  const TemporaryFolder folder;
  write(folder / "example.sh", "set -e\ncd " + folder.path().string() + "\n" + example_of(GetParam()));
  const std::string run = "sh " + (folder / "example.sh").string() + " >/dev/null 2>" + (folder / "err").string();
  EXPECT_EQ(std::system(run.c_str()), 0) << example_of(GetParam()) << text_of(folder / "err");
}

INSTANTIATE_TEST_SUITE_P(Commands, Examples, testing::Values("list", "devices", "plan", "show", "simulate", "compare"),
                         [](const auto& instance) { return instance.param; });
#ifdef PIPEDIT_TESTS_RUN
INSTANTIATE_TEST_SUITE_P(CommandsThatRun, Examples, testing::Values("profile", "run"),
                         [](const auto& instance) { return instance.param; });
#endif

}  // namespace
}  // namespace pipedit::cli_test
