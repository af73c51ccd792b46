#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/cli/program.h"

namespace pipedit::cli_test {
namespace {

using testing::HasSubstr;
using Json = nlohmann::json;

TEST(Output, TheVersionIsALine) {
  const Outcome outcome = pipedit({"--version"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.out, testing::MatchesRegex("pipedit [0-9.]+\n"));
}

TEST(Output, NamesResolveFromAnyFolder) {
  const TemporaryFolder folder;
  const Outcome outcome = pipedit({"list", "models"}, {folder.path(), {}});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("hunyuanvideo-tiny\n"));
}

TEST(Output, AnotherFolderOfConfigsCanBeNamed) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder / "models");
  write(folder / "models/mine.json", "{}");
  EXPECT_EQ(pipedit({"list", "models"}, {{}, {"PIPEDIT_CONFIGS=" + folder.path().string()}}).out, "mine\n");
}

TEST(Output, AListAsJsonHoldsTheSameNames) {
  const Json json = Json::parse(pipedit({"list", "--json"}).out);
  EXPECT_THAT(json.at("clusters").get<std::vector<std::string>>(), testing::Contains("h200x8"));
}

TEST(Output, DevicesNamesTheCoresAndWritesACluster) {
  const TemporaryFolder folder;
  const Outcome outcome = pipedit({"devices", "--cpu", "--json", "-o", "here.json"}, {folder.path(), {}});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const Json answer = Json::parse(outcome.out), cluster = Json::parse(text_of(folder / "here.json"));
  EXPECT_GE(answer.at("cores").get<int>(), 1);
  EXPECT_EQ(cluster.at("devices").at(0).at("slots"), answer.at("cores"));
  EXPECT_EQ(cluster.at("devices").at(0).at("memory_bytes"), answer.at("memory_bytes"));
}

TEST(Output, AMissingFolderOfConfigsIsBadInput) {
  const Outcome outcome = pipedit({"list"}, {{}, {"PIPEDIT_CONFIGS=/no/such/folder"}});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(last_line(outcome.err), "error: PIPEDIT_CONFIGS: /no/such/folder: not a folder");
}

}  // namespace
}  // namespace pipedit::cli_test
