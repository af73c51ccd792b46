#include <gmock/gmock.h>

#include <set>

#include <nlohmann/json.hpp>

#include "tests/cli/program.h"

namespace pipedit::cli_test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using testing::HasSubstr;

std::vector<std::string> profile_command(const std::vector<std::string>& more = {}) {
  std::vector<std::string> command = {"profile", "--model", "hunyuanvideo-tiny", "--size", "64x64", "--frames", "5"};
  command.insert(command.end(), more.begin(), more.end());
  return command;
}

TEST(Profile, ThatIsInterruptedGoesOn) {
  const TemporaryFolder folder;
  const auto command = [](const std::string& longest) {
    return profile_command({"--gpus", "2", "-o", "p.json", "--longest", longest});
  };
  // How long it takes until something is measured depends on the build and on the machine.
  const auto interrupted = [&](int after_ms) {
    return pipedit(command("400"), {.folder = folder.path(), .interrupt_after_ms = after_ms});
  };
  const auto holds_points = [&] {
    return fs::exists(folder / "p.json.part") && !Json::parse(text_of(folder / "p.json.part")).at("points").empty();
  };
  Outcome stopped = interrupted(3000);
  for (int after_ms = 6000; stopped.code == 1 && !holds_points() && after_ms < 100'000; after_ms *= 2)
    stopped = interrupted(after_ms);
  EXPECT_EQ(stopped.code, 1);
  EXPECT_EQ(last_line(stopped.err),
            "error: p.json: interrupted; what was measured is kept in p.json.part, the same command goes on");
  ASSERT_TRUE(holds_points());
  EXPECT_FALSE(fs::exists(folder / "p.json"));

  const Outcome outcome = pipedit(command("1"), {.folder = folder.path()});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("going on with p.json.part"));
  EXPECT_FALSE(fs::exists(folder / "p.json.part"));
  const Json points = Json::parse(text_of(folder / "p.json")).at("points");
  std::set<std::string> kinds;
  for (const Json& point : points) kinds.insert(point.at("kind"));
  for (const char* kind : {"attention", "gemm", "decode_tile", "exchange.host", "write_frames.last"})
    EXPECT_TRUE(kinds.contains(kind)) << kind;
}

// As on a machine without a GPU, whatever this one has.
TEST(Profile, OfAGpuThatIsNotThereSaysSo) {
  const TemporaryFolder folder;
  const Outcome outcome = pipedit(profile_command({"--device", "cuda", "-o", "p.json"}),
                                  {.folder = folder.path(), .environment = {"CUDA_VISIBLE_DEVICES="}});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(last_line(outcome.err), HasSubstr("error: --device cuda: this machine has no GPU: "));
}

TEST(Profile, TakesLengthsThatAreVideosAlone) {
  const TemporaryFolder folder;
  for (const char* length : {"64x64", "64x64x", "64x64x6", "ax64x5"}) {
    const Outcome outcome = pipedit(profile_command({"-o", "p.json", "--also", length}), {.folder = folder.path()});
    EXPECT_EQ(outcome.code, 2) << length;
    EXPECT_THAT(last_line(outcome.err), HasSubstr("error: --also ")) << length;
  }
}

}  // namespace
}  // namespace pipedit::cli_test
