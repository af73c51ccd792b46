#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/compare_text.h"
#include "cli/examples.h"
#include "cli/json_answers.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/report/page.h"
#include "core/error.h"
#include "core/timeline.h"

namespace pipedit::cli {

namespace {

class Compare : public Command {
 public:
  About about() const override {
    return {"compare", "Joins a predicted and a measured timeline task by task and shows the errors. Needs no GPU.",
            example_with_plan(
                "build/release/bin/pipedit simulate tiny.plan.json -o tiny.timeline.json\n"
                "build/release/bin/pipedit compare tiny.timeline.json tiny.timeline.json --html compare.html")};
  }

  void declare(Options& options) override {
    options.input("predicted", "PREDICTED", predicted_, "timeline that `simulate -o` wrote");
    options.required();
    options.input("measured", "MEASURED", measured_, "timeline that `run` wrote");
    options.required();
    options.output("--html", "FILE", html_, "also draws both, as one page that needs nothing else");
    options.output("--svg", "FILE", svg_, "draws the whole run alone, as a picture");
    options.flag("--json", json_, "the answer as JSON");
  }

  void run() override {
    const Timeline predicted = read_timeline(predicted_), measured = read_timeline(measured_);
    const Comparison comparison = compared(predicted, measured);
    if (!html_.empty()) write_file(html_, report::html_page(predicted, measured, comparison));
    if (!svg_.empty()) write_file(svg_, report::picture(predicted, measured));
    answer(json_ ? json_of(comparison) : text_of(comparison, measured));
  }

 private:
  Comparison compared(const Timeline& predicted, const Timeline& measured) const try {
    return compare(predicted, measured);
  } catch (Error& e) {
    e.add_context(predicted_ + " and " + measured_);
    throw;
  }

  std::string text_of(const Comparison& comparison, const Timeline& measured) const {
    return fmt::format("# {} | {} ranks | {} requests | {} against {}\n{}\n{}\n", measured.plan, measured.ranks.size(),
                       measured.requests.size(), predicted_, measured_, table_of(comparison), summary_of(comparison));
  }

  std::string predicted_, measured_, html_, svg_;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> compare_command() { return std::make_unique<Compare>(); }

}  // namespace pipedit::cli
