#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/simulator/programs.h"

namespace pipedit::simulator::testing {
namespace {

std::vector<Occurrence> units(const Timeline& timeline, const std::string& name) {
  std::vector<Occurrence> found;
  for (const Occurrence& unit : timeline.occurrences)
    if (unit.unit == name) found.push_back(unit);
  return found;
}

std::vector<int> alternatives(const Timeline& timeline) {
  std::vector<int> taken;
  for (const Occurrence& step : units(timeline, "step")) taken.push_back(step.alternative);
  return taken;
}

TEST(Actors, DenoisingOverlapsDecoding) {
  Pair pair(10us, 8us);
  const Timeline timeline = simulate(pair.build(unit(UnitKind::step, {pair.step}), 2, 2), gpus(2), GivenCosts());
  // handed over by 11us, then the next request is drawn: 21us, 22us; decoded by 19us and 30us
  EXPECT_EQ(timeline.requests[0], (RequestSpan{RequestId{0}, 0us, 19us}));
  EXPECT_EQ(timeline.requests[1], (RequestSpan{RequestId{1}, 11us, 30us}));
}

TEST(Actors, AFullReceiverMakesTheSenderWait) {
  Pair pair(10us, 100us);
  const Timeline timeline = simulate(pair.build(unit(UnitKind::step, {pair.step}), 3, 1), gpus(2), GivenCosts());
  const std::vector<Occurrence> hands = units(timeline, "hand");
  // one slot: taken from 10us until its decode ends at 111us. The second step ends at 21us and waits; then handed over
  // by 112us, decoded by 212us. The third is denoised by 122us and waits until 212us.
  ASSERT_EQ(hands.size(), 3U);
  EXPECT_EQ(hands[0].start, 10us);
  EXPECT_EQ(hands[1].start, 111us);
  EXPECT_EQ(hands[2].start, 212us);
  EXPECT_EQ(timeline.requests[2], (RequestSpan{RequestId{2}, 112us, 313us}));
}

TEST(Actors, ASlotIsFreeWhenItsFramesAreWritten) {
  Pair pair(10us, 20us);
  pair.decode =
      pair.builder.segment({task(1, Lane::compute, 20us), task(1, Lane::writer, 30us, {TaskDone{TaskId{0}}})});
  const Timeline timeline = simulate(pair.build(unit(UnitKind::step, {pair.step}), 2, 1), gpus(2), GivenCosts());
  EXPECT_EQ(units(timeline, "hand")[1].start, 61us);  // 11us + 20us + 30us
}

TEST(Actors, RequestsAreDrawnWhenTheyArrive) {
  ProgramBuilder builder(1);
  const int decode = builder.segment({task(0, Lane::compute, 10us)});
  builder.actor("a", {0}, {unit(UnitKind::decode, {decode})}).requests({5us, 8us, 100us});
  const Timeline timeline = simulate(builder.build(), gpus(1), GivenCosts());
  EXPECT_EQ(timeline.requests[0].start, 5us);
  EXPECT_EQ(timeline.requests[1].start, 15us);
  EXPECT_EQ(timeline.requests[2], (RequestSpan{RequestId{2}, 100us, 110us}));
}

TEST(Actors, TheLongestIdleActorDrawsFirst) {
  ProgramBuilder builder(2);
  const int slow = builder.segment({task(0, Lane::compute, 50us)});
  const int fast = builder.segment({task(1, Lane::compute, 20us)});
  builder.actor("a", {0}, {unit(UnitKind::decode, {slow})}).actor("b", {1}, {unit(UnitKind::decode, {fast})});
  // b is idle from 20us on, a from 50us on: the third request is b's, the fourth a's
  builder.requests({0us, 0us, 60us, 60us});
  const Timeline timeline = simulate(builder.build(), gpus(2), GivenCosts());
  EXPECT_EQ(timeline.requests[2].end, 80us);
  EXPECT_EQ(timeline.requests[3].end, 110us);
}

TEST(Actors, TheSmallerIdDrawsFirstAtATie) {
  ProgramBuilder builder(2);
  const int slow = builder.segment({task(0, Lane::compute, 50us)});
  const int fast = builder.segment({task(1, Lane::compute, 20us)});
  builder.actor("a", {0}, {unit(UnitKind::decode, {slow})}).actor("b", {1}, {unit(UnitKind::decode, {fast})});
  EXPECT_EQ(simulate(builder.build(), gpus(2), GivenCosts()).requests[0].end, 50us);
}

TEST(Decisions, HelpersAreLentWhileTheyHaveNothingToDecode) {
  Pair pair(10us, 12us);
  const Unit steps = pair.helped_steps(2, 6us);
  const Timeline timeline = simulate(pair.build(steps, 2, 2), gpus(2), GivenCosts());
  // request 0 is helped: 6us, 12us; handed over by 13us, decoded until 25us. Request 1: its first step starts at 13us,
  // beside the decode, until 23us; the second too, until 33us. Decoded from 34us to 46us.
  EXPECT_EQ(alternatives(timeline), (std::vector<int>{1, 1, 0, 0}));
  EXPECT_EQ(timeline.requests[0].end, 25us);
  EXPECT_EQ(timeline.requests[1].end, 46us);
  EXPECT_EQ(timeline.ranks[1].busy, 12us + 24us);
}

TEST(Decisions, AHelperThatGetsIdleAtTheBarrierIsLent) {
  Pair pair(10us, 10us);
  const Unit steps = pair.helped_steps(2, 6us);
  // handed over at 13us, decoded until 23us, when the first step of request 1 ends: completions come before decisions
  EXPECT_EQ(alternatives(simulate(pair.build(steps, 2, 2), gpus(2), GivenCosts())), (std::vector<int>{1, 1, 0, 1}));
}

TEST(Decisions, AHelperIsNotIdleUntilItsLanesAreDrained) {
  Pair pair(10us, 9us);
  const Unit steps = pair.helped_steps(2, 6us);
  pair.decode = pair.builder.segment({task(1, Lane::compute, 9us), task(1, Lane::hand, 11us)});
  EXPECT_EQ(alternatives(simulate(pair.build(steps, 2, 2), gpus(2), GivenCosts())), (std::vector<int>{1, 1, 0, 0}));
}

TEST(Decisions, ALentHelperTasksAreEnqueuedAfterTheDecision) {
  Pair pair(10us, 10us);
  const Unit steps = pair.helped_steps(2, 6us);
  GivenCosts costs;
  costs.launch_time = 1us;
  const Timeline timeline = simulate(pair.build(steps, 1, 2), gpus(2), costs);
  EXPECT_EQ(units(timeline, "step")[1].start, 7us);  // a decision: nothing of the second step was enqueued before
  EXPECT_EQ(units(timeline, "step")[1].end, 14us);
}

TEST(Decisions, AreReplayed) {
  Pair pair(10us, 12us);
  const Program program = pair.build(pair.helped_steps(2, 6us), 2, 2);
  Options options;
  options.decisions = {
      {ActorId{0}, RequestId{0}, 0, 0}, {ActorId{0}, RequestId{0}, 1, 1}, {ActorId{0}, RequestId{1}, 0, 1}};
  const Timeline timeline = simulate(program, gpus(2), GivenCosts(), options);
  // 10us, then helped until 16us; handed over by 17us. Request 1's helped step waits for the decode: from 29us. The
  // decision that is not given is taken as ever.
  EXPECT_EQ(alternatives(timeline), (std::vector<int>{0, 1, 1, 1}));
  EXPECT_EQ(units(timeline, "step")[2].start, 29us);
  EXPECT_EQ(decisions(timeline).size(), 4U);
}

TEST(Decisions, AnAlternativeThatIsNotThereIsRefused) {
  Pair pair(10us, 12us);
  const Program program = pair.build(pair.helped_steps(2, 6us), 1, 2);
  Options options;
  options.decisions = {{ActorId{0}, RequestId{0}, 0, 7}};
  EXPECT_THROW(simulate(program, gpus(2), GivenCosts(), options), InputError);
}

TEST(Actors, AReceiverWithoutASlotIsNamed) {
  Pair pair(10us, 12us);
  const Program program = pair.build(unit(UnitKind::step, {pair.step}), 1, 0);
  try {
    simulate(program, gpus(2), GivenCosts());
    FAIL() << "a latent without a slot";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "nothing can go on after 10000 ns; rank 0 has nothing to do; rank 1 has nothing to do; denoise waits "
                 "for a latent slot of decode");
  }
}

TEST(Actors, ATaskOfHoursIsRefused) {
  Pair pair(3h, 12us);
  EXPECT_THROW(simulate(pair.build(unit(UnitKind::step, {pair.step}), 1, 1), gpus(2), GivenCosts()), InputError);
}

TEST(Actors, AHostThatFoundNoSlotWaitsForItsDevice) {
  Pair pair(100us, 50us);
  GivenCosts costs;
  costs.launch_time = 5us;
  const Timeline timeline = simulate(pair.build(unit(UnitKind::step, {pair.step}), 2, 1), gpus(2), costs);
  // the second step is enqueued by 111us and runs until 211us. Its hand-over finds no slot until the first video is
  // decoded, at 161us; the host has to see its device drained before it enqueues it, by 216us.
  EXPECT_EQ(units(timeline, "hand")[1].end, 217us);
}

TEST(Decisions, AHelperIsNotIdleWhileALatentIsOnItsWay) {
  ProgramBuilder builder(3);
  const int other = builder.segment({task(0, Lane::compute, 10us)}),
            step = builder.segment({task(1, Lane::compute, 15us)});
  const int helped = builder.segment({task(1, Lane::compute, 15us), task(2, Lane::compute, 15us)});
  const int decode = builder.segment({task(2, Lane::compute, 100us)});
  Unit steps = unit(UnitKind::step, {step}, 3),
       hand = unit(UnitKind::hand, {builder.segment({member(0, 0, {}, Lane::hand), member(2, 0, {}, Lane::hand)},
                                                    {builder.exchange(Transport::peer, {{0, 2, 20000}})})});
  steps.alternatives.push_back({{{SegmentId{helped}, 0}}, {Rank{2}}});
  steps.helpers = hand.hand_to = ActorId{2};
  builder.actor("a", {0}, {unit(UnitKind::begin, {other}), hand}).actor("b", {1}, {steps});
  builder.actor("decode", {2}, {unit(UnitKind::decode, {decode})}, Source::latents, 2).requests({0us, 0us});
  // a's latent is on its way from 10us to 30us: nobody is lent at 15us, nor at 30us, when it is drawn
  EXPECT_EQ(alternatives(simulate(builder.build(), gpus(3), GivenCosts())), (std::vector<int>{1, 0, 0}));
}

}  // namespace
}  // namespace pipedit::simulator::testing
