#include "planner/constraints.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/planner/settings.h"

namespace pipedit::planner {
namespace {

std::string refusal(const std::function<void()>& act) {
  try {
    act();
  } catch (const InputError& e) {
    return e.what();
  }
  return "accepted";
}

std::string refused(const char* setting) {
  Constraints constraints;
  return refusal([&] { fix(constraints, setting); });
}

TEST(Fix, ReadsEveryAxis) {
  Constraints constraints;
  for (const char* setting : {"denoise=5", "decode=3", "chunks=2,1", "rows=2", "fill=off", "lent=3", "replicas=1",
                              "ranks=8", "transport=nccl", "memory=offload"})
    fix(constraints, setting);
  const Constraints expected{.family = {},
                             .denoise = 5,
                             .decode = 3,
                             .lent = 3,
                             .rows = 2,
                             .replicas = 1,
                             .ranks = 8,
                             .chunks = std::vector<int>{2, 1},
                             .fill = false,
                             .transport = Transport::nccl,
                             .memory = Memory::offload};
  EXPECT_EQ(constraints, expected);
}

TEST(Fix, NamesWhatItCannotRead) {
  EXPECT_EQ(refused("denoise"), "--fix denoise: expected AXIS=VALUE, as in denoise=5");
  EXPECT_EQ(refused("chunk=2"),
            "--fix chunk=2: expected one of the axes denoise, decode, chunks, rows, fill, lent, replicas, ranks, "
            "transport or memory");
  EXPECT_EQ(refused("denoise=0"), "--fix denoise=0: expected a whole number from 1, got \"0\"");
  EXPECT_EQ(refused("denoise=4.5"), "--fix denoise=4.5: expected a whole number from 1, got \"4.5\"");
  EXPECT_EQ(refused("chunks=2,,1"), "--fix chunks=2,,1: expected a whole number from 1, got \"\"");
  EXPECT_EQ(refused("chunks=1,1,1,1,1"), "--fix chunks=1,1,1,1,1: expected at most 4 chunks");
  EXPECT_EQ(refused("rows=3"), "--fix rows=3: expected 1, 2 or 4");
  EXPECT_EQ(refused("fill=maybe"), "--fix fill=maybe: expected on or off");
  EXPECT_EQ(refused("ring=2"), "--fix ring=2: ring attention is not there yet");
  EXPECT_EQ(refused("cfg=2"), "--fix cfg=2: CFG-parallel is not there yet");
  EXPECT_EQ(refused("transport=gloo"), "--fix transport=gloo: expected host, peer, nccl or staged");
  Constraints twice;
  fix(twice, "rows=2");
  EXPECT_EQ(refusal([&] { fix(twice, "rows=4"); }), "--fix rows=4: the axis is fixed twice");
}

TEST(Only, ListsTheFamilies) {
  Constraints constraints;
  only(constraints, "dedivae");
  EXPECT_EQ(constraints.family, "dedivae");
  EXPECT_TRUE(refusal([&] { only(constraints, "dedi"); }).starts_with("--only dedi: expected one of single, "));
}

TEST(Constraints, AskForWhatThereIs) {
  const Cluster cpu = tests::configured_cluster("cpu", 4);
  const auto check_of = [&](const char* setting) {
    Constraints constraints;
    fix(constraints, setting);
    return refusal([&] { check(constraints, cpu, 14); });
  };
  EXPECT_EQ(check_of("ranks=5"), "--fix ranks=5: cluster cpu has 4 ranks");
  EXPECT_EQ(check_of("decode=4"), "--fix decode=4: cluster cpu has 4 ranks, and one has to denoise");
  EXPECT_EQ(check_of("lent=14"), "--fix lent=14: the model has 14 heads");
  EXPECT_EQ(check_of("transport=nccl"), "--fix transport: cluster cpu moves bytes between CPU ranks: host");
  EXPECT_EQ(check_of("ranks=4"), "accepted");
}

TEST(Constraints, AChunkListGoesOnToTheItemsOfARank) {
  Constraints constraints;
  fix(constraints, "chunks=2,1");
  EXPECT_TRUE(allows(constraints, {5, 3}, {.chunks = {2, 3}}, 24));  // 4 heads and a piece
  EXPECT_FALSE(allows(constraints, {5, 3}, {.chunks = {3, 2}}, 24));
  EXPECT_TRUE(allows(constraints, {8, 0}, {.chunks = {2, 1}}, 24));
  EXPECT_FALSE(allows(constraints, {1, 0}, {}, 24));  // nothing to cut
}

}  // namespace
}  // namespace pipedit::planner
