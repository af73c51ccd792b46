#include "simulator/simulate.h"

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/examples.h"
#include "cli/headline.h"
#include "cli/json_answers.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/plan_input.h"
#include "cli/progress.h"
#include "cli/simulate_text.h"
#include "core/error.h"
#include "program/script.h"
#include "program/verify/verify.h"

namespace pipedit::cli {

namespace {

class Simulate : public Command {
 public:
  About about() const override {
    return {"simulate", "Predicts what one plan takes, task by task. Needs no GPU.",
            example_with_plan("build/release/bin/pipedit simulate tiny.plan.json -o tiny.timeline.json")};
  }

  void declare(Options& options) override {
    options.input("plan", "PLAN", plan_, "plan file that `plan` wrote");
    options.required();
    options.flag("--full", full_, "simulates every step instead of using equal ones again; the answer is the same");
    options.input("--decisions", "TIMELINE", decisions_, "takes Aco's decisions of this timeline");
    options.input("--profile", "P", profile_, "costs from this profile instead of the plan's");
    options.output("--trace", "FILE", trace_, "also writes it for Perfetto and chrome://tracing");
    options.output("-o,--output", "TIMELINE", output_, "also writes the timeline");
    options.flag("--json", json_, "the answer as JSON");
  }

  void run() override {
    const planner::PlanFile input = planner::read_plan_file(plan_);
    const Timeline timeline = predicted(input);
    if (!output_.empty()) write_file(output_, write_timeline(timeline));
    if (!trace_.empty()) write_trace(timeline);
    answer(json_ ? json_of(timeline) : headline(input) + text_of(timeline));
  }

 private:
  Timeline predicted(const planner::PlanFile& input) const {
    const program::Program program = lower(input, plan_);
    if (const auto reason = does_not_fit(program, input.cluster)) throw NoFeasiblePlan(plan_ + ": " + *reason);
    const auto profile =
        profile_.empty() ? planner::profile_of(input, plan_) : load_profile(profile_, input.model, input.cluster);
    simulator::Options options;
    options.full = full_;
    if (!decisions_.empty()) options.decisions = decisions_of(program);
    Progress progress("steps simulated");
    const std::int64_t steps = steps_of(input.workload);
    options.progress = [&](std::int64_t done) {
      progress.update(static_cast<std::size_t>(done), static_cast<std::size_t>(steps));
    };
    const std::filesystem::path path = profile_.empty() && profile ? input.profile->path : profile_;
    return simulator::simulate(program, input.cluster, *costs_of(input.cluster, profile, path, input.plan.attention),
                               options);
  }

  std::vector<Decision> decisions_of(const program::Program& program) const {
    const Timeline timeline = read_timeline(decisions_);
    if (timeline.plan != program.plan)
      throw InputError(fmt::format("{}: /plan: expected {}, got {}", decisions_, program.plan, timeline.plan));
    if (timeline.segments != program::segment_names(program))
      throw InputError(fmt::format("{}: not of the same plan: its tasks are others", decisions_));
    if (timeline.requests.size() != program.request_shapes.size())
      throw InputError(fmt::format("{}: /requests: expected {}, got {}", decisions_, program.request_shapes.size(),
                                   timeline.requests.size()));
    return decisions(timeline);
  }

  void write_trace(const Timeline& timeline) const {
    Progress progress("units written to " + trace_);
    write_file(trace_, [&](std::ostream& file) {
      write_chrome_trace(file, timeline, [&](std::size_t done, std::size_t of) { progress.update(done, of); });
    });
  }

  std::string plan_, decisions_, profile_, trace_, output_;
  bool full_ = false, json_ = false;
};

}  // namespace

std::unique_ptr<Command> simulate_command() { return std::make_unique<Simulate>(); }

}  // namespace pipedit::cli
