#include "tests/executor/fixture.h"

#include <cstdlib>

#include <gtest/gtest.h>

#include "core/error.h"

namespace pipedit::executor::test {
namespace {

TEST(Fixtures, ThatAreMissingAreAFailureAndNoSkip) {
  const char* given = std::getenv("PIPEDIT_FIXTURES");
  const std::string before = given == nullptr ? "" : given;
  setenv("PIPEDIT_FIXTURES", "/no/such/folder", 1);
  EXPECT_THROW(fixture_folder(), InputError);
  given == nullptr ? unsetenv("PIPEDIT_FIXTURES") : setenv("PIPEDIT_FIXTURES", before.c_str(), 1);
}

}  // namespace
}  // namespace pipedit::executor::test
