#include "tests/cli/plans.h"

#include <stdexcept>

namespace pipedit::cli_test {

std::vector<std::string> tiny_plan_command(int ranks, const std::vector<std::string>& more) {
  std::vector<std::string> command = {"plan",
                                      "--model",
                                      "hunyuanvideo-tiny",
                                      "--cluster",
                                      "cpu",
                                      "--gpus",
                                      std::to_string(ranks),
                                      "--size",
                                      "64x64",
                                      "--frames",
                                      "5",
                                      "--steps",
                                      "4",
                                      "--count",
                                      "2",
                                      "--text-tokens",
                                      "16"};
  command.insert(command.end(), more.begin(), more.end());
  return command;
}

PlanFolder::PlanFolder() {
  const Outcome outcome = run(
      tiny_plan_command(3, {"--only", "dedivae", "--fix", "denoise=2", "decode=1", "fill=on", "-o", "tiny.plan.json"}));
  if (outcome.code != 0) throw std::runtime_error(outcome.err);
}

void PlanFolder::damage(const std::string& name, const std::string& from, const std::string& to) const {
  std::string text = text_of(plan());
  const auto at = text.find(from);
  if (at == std::string::npos) throw std::runtime_error("the plan does not say " + from);
  write(folder_ / name, text.replace(at, from.size(), to));
}

}  // namespace pipedit::cli_test
