#include "core/file.h"

#include <gmock/gmock.h>

#include "core/error.h"
#include "tests/core/temporary_folder.h"

namespace pipedit {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

std::ptrdiff_t entries(const TemporaryFolder& folder) {
  return std::distance(fs::directory_iterator(folder.path()), {});
}

template <class Act>
std::string refusal(Act act) {
  try {
    act();
  } catch (const InputError& e) {
    return e.what();
  }
  return "accepted";
}

TEST(WriteFile, ReplacesTheFileAndLeavesNothingBeside) {
  const TemporaryFolder folder;
  write_file(folder / "f", "old");
  write_file(folder / "f", "new\n");
  EXPECT_EQ(read_text(folder / "f"), "new\n");
  EXPECT_EQ(entries(folder), 1);
}

TEST(WriteFile, KeepsTheOldFileWhereItsWriterFails) {
  const TemporaryFolder folder;
  write_file(folder / "f", "old");
  const auto fails = [](std::ostream& out) {
    out << "half of the ne";
    throw Error("lost its thread");
  };
  EXPECT_THROW(write_file(folder / "f", fails), Error);
  EXPECT_EQ(read_text(folder / "f"), "old");
  EXPECT_EQ(entries(folder), 1);
}

TEST(WriteFile, RefusesAFolderAndLeavesNothingBeside) {
  const TemporaryFolder folder;
  fs::create_directory(folder / "taken");
  EXPECT_THAT(refusal([&] { write_file(folder / "taken", "text"); }),
              HasSubstr("taken: cannot be written: is a folder"));
  EXPECT_EQ(entries(folder), 1);
}

TEST(WriteFile, NamesTheFileThatCannotBeWritten) {
  EXPECT_EQ(refusal([] { write_file("no/such/folder/f", "text"); }),
            "no/such/folder/f: cannot be written: No such file or directory");
}

TEST(WriteFile, SaysThatTheDiskIsFull) {
  EXPECT_EQ(refusal([] { write_file("/dev/full", "text"); }), "/dev/full: cannot be written: No space left on device");
}

TEST(WriteFile, LeavesDevicesWhatTheyAre) {
  write_file("/dev/null", "text");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST(WriteFile, ReplacesWhatALinkLeadsTo) {
  const TemporaryFolder folder;
  write_file(folder / "f", "old");
  fs::create_symlink("f", folder / "link");
  write_file(folder / "link", "new");
  EXPECT_EQ(read_text(folder / "f"), "new");
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
}

TEST(WriteFile, GoesThroughStandardOutputWhereThatIsTheFile) {
  testing::internal::CaptureStdout();
  write_file("/dev/stdout", "text\n");
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "text\n");
  EXPECT_FALSE(fs::is_regular_file(fs::symlink_status("/dev/stdout")));
}

TEST(CheckWritable, RefusesWhatWriteFileWould) {
  const TemporaryFolder folder;
  EXPECT_EQ(refusal([&] { check_writable(folder / "new"); }), "accepted");
  EXPECT_EQ(refusal([] { check_writable("/dev/full"); }), "accepted");  // a device's own affair
  EXPECT_THAT(refusal([&] { check_writable(folder / "."); }), HasSubstr("is a folder"));
  EXPECT_EQ(refusal([] { check_writable("no/such/f"); }), "no/such/f: no such folder");
  EXPECT_EQ(refusal([] { check_writable(std::string(5000, 'x') + "/f"); }),
            std::string(5000, 'x') + "/f: no such folder");
}

TEST(ReadText, NamesWhatIsNoFile) {
  EXPECT_EQ(refusal([] { read_text("no/such"); }), "no/such: No such file or directory");
  EXPECT_EQ(refusal([] { read_text("."); }), ".: is a folder, not a file");
  EXPECT_EQ(read_text("/dev/null"), "");
}

}  // namespace
}  // namespace pipedit
