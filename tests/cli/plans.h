#pragma once

#include <string>
#include <vector>

#include "tests/cli/program.h"

namespace pipedit::cli_test {

// `pipedit plan` for the tiny model on `ranks` ranks of the shipped CPU: two requests of 64x64, 5 frames, 4 steps.
std::vector<std::string> tiny_plan_command(int ranks, const std::vector<std::string>& more = {});

// A folder with tiny.plan.json: two ranks denoise, one decodes.
class PlanFolder {
 public:
  PlanFolder();
  std::filesystem::path plan() const { return folder_ / "tiny.plan.json"; }
  std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }

  // Runs pipedit in this folder.
  Outcome run(const std::vector<std::string>& arguments) const { return pipedit(arguments, {folder_.path(), {}}); }

  // A copy of the plan, `from` replaced by `to` where it first occurs.
  void damage(const std::string& name, const std::string& from, const std::string& to) const;

 private:
  TemporaryFolder folder_;
};

}  // namespace pipedit::cli_test
