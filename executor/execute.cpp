#include "executor/execute.h"

#include <chrono>

#include <fmt/format.h>

#include "executor/decider.h"
#include "executor/failure.h"

namespace pipedit::executor {

using namespace program;

namespace {

constexpr auto kStopPoll = 20ms;

std::vector<SegmentTable> tables_of(const Program& program) {
  std::vector<SegmentTable> tables;
  for (const Segment& segment : program.segments) tables.push_back(make_table(segment, program.ranks()));
  return tables;
}

void walk(const Run& run, Rank rank, ActorId actor, Recorder& recorder) {
  run.session.queues(rank).bind();
  Walker walker(run, rank, actor, recorder);
  if (rank == run.program.actors[index(actor)].ranks.front()) return Decider(run, actor, walker).run();
  walker.follow();
}

// Nobody is to wait any longer, for another rank or for what takes the results.
void abort(Session& session, const Job& job) {
  session.abort();
  if (job.sink != nullptr) job.sink->abandon();
}

// A rank's thread: whatever goes wrong ends the run, and the first to fail is heard.
void host(const Run& run, Rank rank, ActorId actor, Recorder& recorder, Failure& failure) {
  try {
    walk(run, rank, actor, recorder);
  } catch (const Stopped&) {
  } catch (...) {
    failure.report(current_error());
    abort(run.session, run.job);
  }
  run.session.queues(rank).leave();
}

// By rank; ranks that nobody acts on keep an id that no actor has.
std::vector<ActorId> actors_of(const Program& program) {
  std::vector<ActorId> actors(static_cast<std::size_t>(program.ranks()), ActorId{-1});
  for (std::size_t actor = 0; actor < program.actors.size(); ++actor)
    for (const Rank rank : program.actors[actor].ranks) actors[index(rank)] = ActorId{static_cast<int>(actor)};
  return actors;
}

std::vector<Rank> acting_ranks(const Program& program) {
  std::vector<Rank> ranks;
  for (const Actor& actor : program.actors) ranks.insert(ranks.end(), actor.ranks.begin(), actor.ranks.end());
  return ranks;
}

// What the threads work on is the caller's: nothing may leave before they are done.
void wait_for_hosts(HostThreads& hosts, Session& session, const Job& job, Failure& failure,
                    const std::atomic<bool>* stop) noexcept {
  while (!hosts.wait_for(kStopPoll)) {
    if (stop == nullptr || !stop->load() || session.aborted()) continue;
    failure.report(Error("stopped"));
    abort(session, job);
  }
}

}  // namespace

Timeline execute(const Program& program, Backend& backend, const Job& job, const ExecuteOptions& options) {
  const auto tables = tables_of(program);
  const auto session = backend.open(program);
  Coordinator coordinator(program, tables, *session);
  const Addresses addresses(program, *session);
  const LoadedWeights loaded(program, addresses, job);
  const Run run{program, job, options, *session, coordinator, addresses, loaded};
  std::vector<Recorder> recorders(static_cast<std::size_t>(program.ranks()));
  Failure failure;
  const std::vector<ActorId> actors = actors_of(program);
  backend.hosts().start(acting_ranks(program),
                        [&](Rank rank) { host(run, rank, actors[index(rank)], recorders[index(rank)], failure); });
  wait_for_hosts(backend.hosts(), *session, job, failure, options.stop);
  failure.rethrow();
  return merge(program, coordinator.records(), coordinator.drawn(), recorders);
}

}  // namespace pipedit::executor
