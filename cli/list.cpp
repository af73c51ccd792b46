#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/configs.h"
#include "cli/json_answers.h"
#include "cli/options.h"
#include "cli/output.h"
#include "planner/families.h"

namespace pipedit::cli {

namespace {

const std::vector<std::string> kKinds = {"models", "clusters", "workloads", "plans"};

std::vector<std::string> names_of(const std::string& kind) {
  if (kind == "models") return config_names(ConfigKind::model);
  if (kind == "clusters") return config_names(ConfigKind::cluster);
  if (kind == "workloads") return config_names(ConfigKind::workload);
  const auto families = planner::family_names();
  return {families.begin(), families.end()};
}

class List : public Command {
 public:
  About about() const override {
    return {"list",
            "Names the models, clusters, workloads and plans that other commands take. Needs no GPU.",
            "build/release/bin/pipedit list models",
            {{"PIPEDIT_CONFIGS", "a folder of such files instead of the one that comes with the program"}}};
  }

  void declare(Options& options) override {
    options.choice("kind", kind_, kKinds, "what to list (default: everything)");
    options.flag("--json", json_, "the answer as JSON");
  }

  void run() override {
    std::vector<NamesOfKind> lists;
    for (const std::string& kind : kKinds)
      if (kind_.empty() || kind_ == kind) lists.push_back({kind, names_of(kind)});
    answer(json_ ? json_of(lists) : text_of(lists));
  }

 private:
  // One kind: a name a line, for scripts. All kinds: each under its head.
  std::string text_of(const std::vector<NamesOfKind>& lists) const {
    std::string text;
    for (const NamesOfKind& list : lists) {
      if (kind_.empty()) text += list.kind + "\n";
      for (const std::string& name : list.names) text += (kind_.empty() ? "  " : "") + name + "\n";
    }
    return text;
  }

  std::string kind_;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> list_command() { return std::make_unique<List>(); }

}  // namespace pipedit::cli
