#include "profiler/profiler.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "core/error.h"
#include "profiler/bench_program.h"
#include "profiler/fill.h"
#include "profiler/progress.h"
#include "profiler/rounds.h"
#include "profiler/samples.h"
#include "profiler/settle.h"

namespace pipedit::profiler {

namespace {

using Clock = std::chrono::steady_clock;

class StretchTimer {
 public:
  StretchTimer(executor::Backend& backend, const executor::Job& job, const Options& options)
      : backend_(backend), job_(job), options_(options) {}

  void measure(const Stretch& stretch, int ranks, Samples& all) const {
    Samples own;
    const Nanos settled = std::ranges::all_of(stretch.wanted, only_moves) ? 0ns : options_.settled;
    const int warming_up = settled == 0ns ? 1 : 1 + repetitions_to_settle(stretch, ranks, settled);
    const auto begin = Clock::now();
    for (int counted = std::max(2, warming_up / 4);; counted *= 2) {
      const program::Program program = bench_program(stretch, ranks, warming_up + counted);
      const Timeline timeline = run_filled(program, backend_, job_);
      const int warming = warming_up * calls_in(program, warming_up + counted);
      own.add(timeline, program, warming);
      const bool took_longest = Clock::now() - begin >= options_.longest / options_.rounds + settled;
      if (took_longest || own.enough(stretch.wanted, options_.fewest, options_.tolerance)) break;
    }
    options_.times_of == TimesOf::every_stretch ? all.add(own) : all.adopt(std::move(own));
  }

 private:
  int repetitions_to_settle(const Stretch& stretch, int ranks, Nanos settled) const {
    const auto bench = [&](int repetitions) { return bench_program(stretch, ranks, repetitions); };
    return repetitions_lasting(settled, bench, backend_, job_);
  }

  executor::Backend& backend_;
  const executor::Job& job_;
  const Options& options_;
};

}  // namespace

std::vector<ProfilePoint> measure(const std::vector<Stretch>& stretches, executor::Backend& backend,
                                  const executor::Job& job, const Options& options) {
  std::vector<Round> rounds;
  std::set<PointKey> unsure;
  const StretchTimer timer(backend, job, options);
  ProgressOf progress(options, stretches.size() * static_cast<std::size_t>(options.rounds));
  const auto is_sure = [&](const PointKey& point) { return !unsure.contains(point); };
  while (static_cast<int>(rounds.size()) < options.rounds) {
    if (rounds.size() > 1) unsure = unsure_points(points_of(rounds, options.slots));
    Round& round = rounds.emplace_back();
    for (const Stretch& stretch : stretches) {
      if (options.stop != nullptr && *options.stop) throw Error("interrupted");
      if (rounds.size() <= 2 || !std::ranges::all_of(stretch.wanted, is_sure)) {
        timer.measure(stretch, 1, round.alone);
        if (options.slots > 1) timer.measure(stretch, std::max(options.slots, options.ranks), round.busy);
        if (options.measured) options.measured(mean_points(points_of(rounds, options.slots)));
      }
      progress.one_more();
    }
  }
  return mean_points(points_of(rounds, options.slots));
}

}  // namespace pipedit::profiler
