#include "tests/cli/golden.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/cli/program.h"

namespace pipedit::cli_test {

void expect_golden(const std::string& name, const std::string& text) {
  const std::filesystem::path file = std::filesystem::path(PIPEDIT_SOURCE_DIR) / "tests/golden" / (name + ".txt");
  if (const char* update = std::getenv("PIPEDIT_UPDATE_GOLDEN"); update != nullptr && std::string(update) == "1")
    write(file, text);
  EXPECT_EQ(text, text_of(file)) << "where this is what it should be now: PIPEDIT_UPDATE_GOLDEN=1";
}

}  // namespace pipedit::cli_test
