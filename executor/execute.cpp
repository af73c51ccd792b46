#include "executor/execute.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "executor/decider.h"
#include "executor/failure.h"

namespace pipedit::executor {

using namespace program;

namespace {

constexpr auto kStopPoll = 20ms;

// Counts threads that end, so that the caller can wait for them and look at the stop flag meanwhile.
class Countdown {
 public:
  explicit Countdown(int count) : left_(count) {}
  void done() {
    const std::lock_guard lock(mutex_);
    if (--left_ == 0) over_.notify_all();
  }
  bool wait_for(Nanos time) {
    std::unique_lock lock(mutex_);
    return over_.wait_for(lock, time, [&] { return left_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable over_;
  int left_;
};

std::vector<SegmentTable> tables_of(const Program& program) {
  std::vector<SegmentTable> tables;
  for (const Segment& segment : program.segments) tables.push_back(make_table(segment, program.ranks()));
  return tables;
}

void walk(const Run& run, Rank rank, ActorId actor, RankState& state) {
  run.session.queues(rank).bind();
  Walker walker(run, rank, actor, state);
  if (rank == run.program.actors[index(actor)].ranks.front()) return Decider(run, actor, walker).run();
  walker.follow();
}

// A rank's thread: whatever goes wrong ends the run, and the first to fail is heard.
void host(const Run& run, Rank rank, ActorId actor, RankState& state, Failure& failure) {
  try {
    walk(run, rank, actor, state);
  } catch (const Stopped&) {
  } catch (...) {
    failure.report(current_error());
    run.session.abort();
  }
  run.session.queues(rank).leave();
}

std::vector<std::jthread> start(const Run& run, std::vector<RankState>& states, Failure& failure, Countdown& running) {
  std::vector<std::jthread> hosts;
  for (std::size_t actor = 0; actor < run.program.actors.size(); ++actor)
    for (const Rank rank : run.program.actors[actor].ranks)
      hosts.emplace_back([&run, &states, &failure, &running, rank, id = ActorId{static_cast<int>(actor)}] {
        host(run, rank, id, states[index(rank)], failure);
        running.done();
      });
  return hosts;
}

int hosts_of(const Program& program) {
  std::size_t count = 0;
  for (const Actor& actor : program.actors) count += actor.ranks.size();
  return static_cast<int>(count);
}

void wait_for_hosts(Countdown& running, Session& session, Failure& failure, const std::atomic<bool>* stop) {
  while (!running.wait_for(kStopPoll)) {
    if (stop == nullptr || !stop->load() || session.aborted()) continue;
    failure.report(Error("stopped"));
    session.abort();
  }
}

std::vector<const Recorder*> recorders_of(const std::vector<RankState>& states) {
  std::vector<const Recorder*> recorders;
  for (const RankState& state : states) recorders.push_back(&state.recorder);
  return recorders;
}

}  // namespace

Timeline execute(const Program& program, Backend& backend, const Job& job, const ExecuteOptions& options) {
  const auto tables = tables_of(program);
  const auto session = backend.open(program);
  Coordinator coordinator(program, tables, *session);
  const Addresses addresses(program, *session);
  const LoadedWeights loaded(program, addresses, job);
  const Run run{program, job, options, *session, coordinator, addresses, loaded};
  std::vector<RankState> states(static_cast<std::size_t>(program.ranks()));
  Failure failure;
  {
    Countdown running(hosts_of(program));
    const auto hosts = start(run, states, failure, running);
    wait_for_hosts(running, *session, failure, options.stop);
  }
  failure.rethrow();
  return merge(program, coordinator.records(), coordinator.drawn(), recorders_of(states));
}

}  // namespace pipedit::executor
