#include <gtest/gtest.h>

#include "core/error.h"
#include "simulator/costs/profile_costs.h"
#include "tests/simulator/programs.h"

namespace pipedit::simulator::testing {
namespace {

ProfilePoint point(std::string kind, std::vector<std::int64_t> dims, Nanos time, int busy = 1) {
  return {.kind = std::move(kind),
          .dims = std::move(dims),
          .busy = busy,
          .median = time,
          .low = time,
          .high = time,
          .count = 9};
}

Profile profile(std::vector<ProfilePoint> points) {
  Profile made;
  made.model = "hunyuanvideo-tiny";
  made.points = std::move(points);
  return made;
}

Task gemm(std::int64_t rows, std::int64_t in, std::int64_t out) {
  Task task;
  task.kind = program::OpKind::project_v;
  task.shape = program::GemmShape{rows, in, out};
  return task;
}

Cost cost_of(const Profile& measured, const Task& task, int ranks_on_device = 1, int cores = 1) {
  ProgramBuilder builder(ranks_on_device);
  builder.devices(std::vector<int>(static_cast<std::size_t>(ranks_on_device), 0));
  return ProfileCosts(measured, one_cpu(cores)).task(builder.build(), task);
}

TEST(ProfileCosts, AMeasuredSizeCostsWhatWasMeasured) {
  const Profile measured = profile({point("gemm", {64, 336, 336}, 100us), point("gemm", {128, 336, 336}, 170us)});
  const Cost cost = cost_of(measured, gemm(128, 336, 336));
  EXPECT_EQ(cost.time, 170us);
  EXPECT_EQ(cost.provenance, Provenance::exact);
}

TEST(ProfileCosts, BetweenTwoSizesThePowerLawHolds) {
  const Profile measured = profile({point("gemm", {64, 336, 336}, 100us), point("gemm", {256, 336, 336}, 400us)});
  Cost cost = cost_of(measured, gemm(128, 336, 336));
  EXPECT_EQ(cost.time, 200us);  // the same utilisation at both ends
  EXPECT_EQ(cost.provenance, Provenance::interpolated);
  // utilisation doubles from 64 to 256 rows: at 128, half way in the logarithm, it is sqrt(2) times the lower one
  const Profile rising = profile({point("gemm", {64, 336, 336}, 100us), point("gemm", {256, 336, 336}, 200us)});
  EXPECT_EQ(cost_of(rising, gemm(128, 336, 336)).time, Nanos{141421});
}

TEST(ProfileCosts, OutsideTheUtilisationOfTheEdgeIsHeld) {
  const Profile measured = profile({point("gemm", {64, 336, 336}, 100us), point("gemm", {256, 336, 336}, 200us)});
  const Cost above = cost_of(measured, gemm(1024, 336, 336));
  EXPECT_EQ(above.time, 800us);
  EXPECT_EQ(above.provenance, Provenance::extrapolated);
  EXPECT_EQ(cost_of(measured, gemm(32, 336, 336)).time, 50us);
  EXPECT_EQ(cost_of(measured, gemm(256, 336, 672)).time, 400us);  // another width, at the rate of the nearest
}

TEST(ProfileCosts, AmongScatteredSizesTheNearestWeighMost) {
  const Profile measured = profile({point("gemm", {64, 336, 336}, 100us), point("gemm", {64, 1344, 336}, 400us),
                                    point("gemm", {256, 336, 1344}, 1600us), point("gemm", {256, 1344, 1344}, 6400us)});
  const Cost cost = cost_of(measured, gemm(128, 672, 672));
  EXPECT_EQ(cost.provenance, Provenance::interpolated);
  EXPECT_EQ(cost.time, 800us);  // all ran at the same rate
}

TEST(ProfileCosts, PointsWithTasksSideBySideCountWhereRanksShareADevice) {
  const Profile measured = profile({point("gemm", {64, 336, 336}, 100us, 1), point("gemm", {64, 336, 336}, 130us, 2)});
  EXPECT_EQ(cost_of(measured, gemm(64, 336, 336), 1, 2).time, 100us);
  EXPECT_EQ(cost_of(measured, gemm(64, 336, 336), 3, 2).time, 130us);
}

TEST(ProfileCosts, WithoutDataTheKindAndItsSizesAreNamed) {
  Task task;
  task.kind = program::OpKind::attention;
  task.shape = program::AttentionShape{160, 24, {{{0, 2}, {0, 160}}}};
  try {
    cost_of(profile({point("gemm", {64, 336, 336}, 100us)}), task);
    FAIL() << "a cost out of nothing";
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(),
                 "profile: no data of hunyuanvideo-tiny for attention (query_rows 320, pieces 2, key_rows 160, "
                 "head_dim 24); run pipedit profile");
  }
}

TEST(ProfileCosts, APointHasAsManySizesAsItsKind) {
  try {
    ProfileCosts(profile({point("gemm", {64, 336, 336}, 100us), point("attention", {64}, 100us)}), one_cpu(1), "auto",
                 "my.profile.json");
    FAIL() << "a point without its sizes";
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(), "my.profile.json: /points/1/dims: attention has 4 sizes, got 1");
  }
}

// The encoder has what came before and is waited for at the end.
TEST(ProfileCosts, TheLastFramesOfAVideoAreNotLikeThoseBefore) {
  Task early, last;
  early.kind = last.kind = program::OpKind::write_frames;
  early.shape = program::LayerShape{.frames = {0, 49}, .height = 352, .width = 480};
  last.shape = program::LayerShape{.frames = {49, 97}, .height = 352, .width = 480, .last = true};
  const Profile measured = profile({point("write_frames", {49, 352, 480}, 70ms),  //
                                    point("write_frames.last", {48, 352, 480}, 310ms)});
  EXPECT_EQ(cost_of(measured, early).time, 70ms);
  EXPECT_EQ(cost_of(measured, last).time, 310ms);
  EXPECT_EQ(cost_of(profile({point("write_frames", {48, 352, 480}, 310ms)}), last).time, 310ms);  // an older one
  EXPECT_EQ(cost_of(profile({point("write_frames.last", {49, 352, 480}, 320ms)}), early).time,
            320ms);  // of short videos
}

TEST(ProfileCosts, ATransferBelowTheSmallestTakesItsStartUp) {
  ProgramBuilder builder(2);
  const Exchange exchange = builder.exchange(Transport::host, {{0, 1, 10}, {0, 1, 4000}});
  const Profile measured =
      profile({point("exchange.host", {1000, 1000}, 5us), point("exchange.host", {4000, 4000}, 8us)});
  const ProfileCosts costs(measured, one_cpu(1));
  builder.devices({0, 0});
  EXPECT_EQ(costs.part(builder.build(), Transport::host, exchange.parts[0]).time, 5us);
  EXPECT_EQ(costs.part(builder.build(), Transport::host, exchange.parts[1]).time, 8us);
}

TEST(ProfileCosts, ContentionIsThatOfTheKindAndTransport) {
  Profile measured = profile({});
  measured.contention = {{"gemm", Transport::nccl, false, 1.2}};
  measured.sharing_loss = 1.04;
  const ProfileCosts costs(measured, one_cpu(1));
  EXPECT_EQ(costs.contention(program::OpKind::out_project, Transport::nccl), 1.2);
  EXPECT_EQ(costs.contention(program::OpKind::out_project, Transport::peer), 1);
  EXPECT_EQ(costs.contention(program::OpKind::attention, Transport::nccl), 1);
  EXPECT_EQ(costs.sharing_loss(), 1.04);
}

// 3 and 50 rows beside the 256 that reading the weights takes as long as: 259 / 306 of the time.
TEST(ProfileCosts, FewerStepsHardlyShortenModulation) {
  MeasuredKind modulation("modulation", DeviceKind::gpu);
  modulation.add(point("modulation", {50, 3072, 9216}, 306us));
  EXPECT_EQ(modulation.cost({3, 3072, 9216}).time, 259us);
  EXPECT_EQ(modulation.cost({50, 3072, 18432}).time, 612us);
}

TEST(ProfileCosts, SharesOfProvenanceReachTheTimeline) {
  ProgramBuilder builder(1);
  Task known = gemm(64, 336, 336), guessed = gemm(128, 336, 336);
  const Program program = one_segment(builder, 1, {known, guessed});
  const Profile measured = profile({point("gemm", {64, 336, 336}, 100us)});
  const Timeline timeline = simulate(program, gpus(1), ProfileCosts(measured, gpus(1)));
  EXPECT_EQ(timeline.provenance,
            (std::vector<double>{1.0 / 3, 0, 2.0 / 3, 0, 0}));  // 100us exact, 200us beyond the edge
}

}  // namespace
}  // namespace pipedit::simulator::testing
