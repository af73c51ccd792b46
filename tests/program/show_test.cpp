#include "program/show.h"

#include <gmock/gmock.h>

#include "program/show/text.h"
#include "tests/program/plans.h"
#include "tests/program/seeds.h"

namespace pipedit::program {
namespace {

using testing::HasSubstr;
using tests::lowered;

TEST(Show, SaysWhatActorsDo) {
  const std::string text =
      show(lowered({.denoise = 3, .decode = 2, .chunks = {2, 1}, .lent_heads = 2}), tests::cluster(5));
  EXPECT_THAT(text, HasSubstr("actor denoise 0 on ranks 0-2, draws from the queue"));
  EXPECT_THAT(text, HasSubstr("actor decode 0 on ranks 3-4, draws from 2 latent slots"));
  EXPECT_THAT(text, HasSubstr("step x 3: embed, double block (6) x 2, single block (7) x 4, final layer"));
  EXPECT_THAT(text, HasSubstr("step x 3, or while decode 0 is idle with ranks 3-4: embed"));
  EXPECT_THAT(text, HasSubstr("hand to decode 0: hand"));
}

TEST(Show, SaysWhatTasksWaitForAndWhatMoves) {
  const std::string text = show(lowered({.denoise = 3, .chunks = {2, 1}}), tests::cluster(3));
  EXPECT_THAT(text, HasSubstr("waits for arrival of exchange_v, arrival of exchange_k, arrival of exchange_q[0]"));
  EXPECT_THAT(text, HasSubstr("parts out"));
  EXPECT_THAT(text, HasSubstr("attention[1] @ all others"));
}

TEST(Show, SaysWhereBuffersLieAndWhatTheVerifierSays) {
  Program program = lowered({.denoise = 2});
  const std::string text = show(program, tests::cluster(2));
  EXPECT_THAT(text, HasSubstr("hidden: "));
  EXPECT_THAT(text, HasSubstr("peak "));
  EXPECT_THAT(text, HasSubstr("verifier: no fault found\n"));
  program.memory[0].arena += Bytes{1};
  EXPECT_THAT(show(program, tests::cluster(2)), HasSubstr("verifier: 1 fault\n  memory: rank 0 has an arena"));
}

TEST(Show, IsTheSameForEqualPrograms) {
  const tests::PlanShape shape{.denoise = 3, .decode = 2, .lent_heads = 1};
  EXPECT_EQ(show(lowered(shape), tests::cluster(5)), show(lowered(shape), tests::cluster(5)));
}

TEST(ShowText, FoldsRanksAndScalesBytes) {
  EXPECT_EQ(ranks_text({Rank{0}, Rank{1}, Rank{2}, Rank{5}}), "ranks 0-2, 5");
  EXPECT_EQ(ranks_text({Rank{4}}), "rank 4");
  EXPECT_EQ(bytes_text(Bytes{1023}), "1023 B");
  EXPECT_EQ(bytes_text(Bytes{3 * 512 * 1024}), "1.5 MiB");
  EXPECT_EQ(range_text({4, 8}), "4-7");
}

}  // namespace
}  // namespace pipedit::program
