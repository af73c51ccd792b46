#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "core/json.h"
#include "executor/run_folder/journal.h"
#include "executor/run_folder/run_folder.h"
#include "tests/core/temporary_folder.h"
#include "tests/executor/video/small_files.h"

namespace pipedit::executor::test {
namespace {

const RunOrigin kOrigin{
    .device = "cpu", .weights = "/data/weights", .random_embeddings = 3, .seed = 11, .keep_latents = true};

std::string error_of(std::string_view text) {
  try {
    parse_journal(text);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(Journal, ReadsWhatWasWritten) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "journal.jsonl";
  {
    Journal journal(path);
    journal.start(kOrigin);
    journal.add(JournalEvent::latent, RequestId{0});
    journal.add(JournalEvent::latent, RequestId{12});
    journal.add(JournalEvent::finished, RequestId{0});
  }
  const JournalContents expected{kOrigin, {RequestId{0}, RequestId{12}}, {RequestId{0}}};
  EXPECT_EQ(read_journal(path), expected);
}

TEST(Journal, ALineThatBreaksOffIsForgottenAndOverwritten) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "journal.jsonl";
  {
    Journal journal(path);
    journal.start(kOrigin);
    journal.add(JournalEvent::latent, RequestId{0});
  }
  std::ofstream(path, std::ios::app) << R"({"event": "fini)";
  EXPECT_TRUE(read_journal(path).finished.empty());
  Journal(path).add(JournalEvent::finished, RequestId{0});
  EXPECT_EQ(read_journal(path).finished, std::set<RequestId>{RequestId{0}});
}

TEST(Journal, NamesTheLineThatIsWrong) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "journal.jsonl";
  Journal(path).start(kOrigin);
  const std::string start = read_text(path);
  EXPECT_EQ(error_of(start + "{\"event\": \"lost\", \"request\": 1}\n"),
            "line 2: /event: expected latent or finished, got \"lost\"");
  EXPECT_THAT(error_of(start + "{\"event\": \"latent\", \"request\": -1}\n"), testing::StartsWith("line 2: /request"));
  EXPECT_EQ(error_of(""), "no run was started here");
}

TEST(RunFolder, StartsInANewOrAnEmptyFolderOnly) {
  const TemporaryFolder folder;
  const RunFolder run = start_run(folder.path() / "a" / "b", "{}\n", kOrigin);
  EXPECT_EQ(read_text(run.plan()), "{}\n");
  EXPECT_EQ(read_journal(run.journal()).origin, kOrigin);
  EXPECT_THROW(start_run(folder.path() / "a" / "b", "{}\n", kOrigin), InputError);
  EXPECT_THROW(start_run(run.plan(), "{}\n", kOrigin), InputError);
}

TEST(RunFolder, IsLeftEmptyWhereTheDiskIsFull) {
  const TemporaryFolder folder;
  const SmallFiles small(100);
  for (const std::size_t size : {1000, 10}) {  // too much for the plan, for the journal
    EXPECT_THROW(start_run(folder.path(), std::string(size, ' '), kOrigin), InputError) << size;
    EXPECT_TRUE(std::filesystem::is_empty(folder.path())) << size;
  }
}

TEST(RunFolder, NumbersRequestsWithFourDigits) {
  const RunFolder run("out");
  EXPECT_EQ(run.video(RequestId{3}), "out/request_0003.mp4");
  EXPECT_EQ(run.latent(RequestId{12345}), "out/latents/request_12345.safetensors");
}

}  // namespace
}  // namespace pipedit::executor::test
