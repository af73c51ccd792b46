#include "executor/run_folder/folder_lock.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/core/temporary_folder.h"

namespace pipedit::executor::test {
namespace {

TEST(FolderLock, KeepsASecondRunOut) {
  const TemporaryFolder folder;
  const auto refusal = [&]() -> std::string {
    try {
      FolderLock lock(folder.path());
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  {
    const FolderLock lock(folder.path());
    EXPECT_EQ(refusal(), folder.path().string() + ": another run is at work there");
  }
  EXPECT_EQ(refusal(), "");
}

}  // namespace
}  // namespace pipedit::executor::test
