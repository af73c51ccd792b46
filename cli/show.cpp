#include "program/show.h"

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/examples.h"
#include "cli/headline.h"
#include "cli/json_answers.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/plan_input.h"
#include "program/lower/lower.h"
#include "program/verify/verify.h"

namespace pipedit::cli {

namespace {

class Show : public Command {
 public:
  About about() const override {
    return {
        "show",
        "Shows the program that a plan lowers to: tasks, buffers, peak memory, what the verifier says. Needs no GPU.",
        example_with_plan("build/release/bin/pipedit show tiny.plan.json")};
  }

  void declare(Options& options) override {
    options.input("plan", "PLAN", plan_, "plan file that `plan` wrote");
    options.required();
    options.flag("--json", json_, "sizes, peak memory and faults as JSON");
  }

  void run() override {
    const planner::PlanFile input = planner::read_plan_file(plan_);
    const program::Program program = lower(input, plan_);
    if (json_) return answer(json_of({program, verify(program, input.cluster), does_not_fit(program, input.cluster)}));
    answer(headline(input) + program::show(program, input.cluster));
  }

 private:
  std::string plan_;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> show_command() { return std::make_unique<Show>(); }

}  // namespace pipedit::cli
