#include <algorithm>
#include <thread>

#include <fmt/format.h>

#include "cli/attention_kernel.h"
#include "cli/commands.h"
#include "cli/headline.h"
#include "cli/inputs.h"
#include "cli/json_answers.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/plan_input.h"
#include "cli/plan_text.h"
#include "cli/progress.h"
#include "core/error.h"
#include "planner/explain.h"
#include "planner/families.h"
#include "planner/search.h"

namespace pipedit::cli {

namespace {

std::string names_of_families() {
  std::string names;
  for (const std::string_view name : planner::family_names())
    names += fmt::format("{}{}", names.empty() ? "" : ", ", name);
  return names;
}

class PlanCommand : public Command {
 public:
  About about() const override {
    return {
        "plan", "Searches the fastest plan for a model, a cluster and a workload, and says why. Needs no GPU.",
        "build/release/bin/pipedit plan --model hunyuanvideo --cluster h200x8 --size 1280x720 --frames 129 --count 10 "
        "-o best.plan.json"};
  }

  void declare(Options& options) override {
    model_.declare(options);
    cluster_.declare(options);
    workload_.declare(options);
    options.input("--profile", "P", profile_, "measured costs; without, those of the cluster's rates");
    options.choice("--objective", objective_, {"latency", "makespan", "throughput"},
                   "time of one request alone, of all, or a request in a steady stream");
    options.text("--only", "NAME", only_, "searches this family alone: " + names_of_families());
    options.texts(
        "--fix", "AXIS=VALUE", fixed_,
        "pins axes: denoise=5, decode=3, chunks=2,1, rows=2, fill=off, lent=3, replicas=2, ranks=8, transport=nccl, "
        "memory=offload");
    options.size("--memory-limit", memory_limit_, "of a device, instead of what the cluster says: 70GiB");
    options.integer(
        "--time-limit", "SECONDS", time_limit_, 1, 86400,
        "ends the search by the clock, at least a plan of each family simulated; answers then depend on it");
    options.integer("--top", "N", top_, 0, 1000, "plans shown beside the named ones");
    options.output("-o,--output", "FILE", output_, "also writes the best plan");
    options.flag("--json", json_, "the answer as JSON");
  }

  void run() override {
    const models::Model model = model_.load();
    const Cluster cluster = cluster_.load();
    const Workload workload = workload_.load(model);
    std::optional<Profile> profile;
    if (!profile_.empty()) profile = load_profile(profile_, model, cluster);
    Progress progress("parts of the search");
    const auto costs = costs_of(cluster, profile, profile_);
    planner::Answer found = planner::search(model, cluster, workload, *costs, question(progress));
    planner::Explanation why;
    if (found.winner) why = planner::explain(model, cluster, workload, *costs, objective(), found);
    if (profile)
      for (planner::PlanAnswer& one : found.plans)
        if (one.plan) one.plan->attention = attention_kernel(*profile, model, workload);
    answer(json_ ? json_of(found, why)
                 : headline_of(model, cluster, workload) + text_of(found, objective(), why.sentences));
    if (!found.winner) throw NoFeasiblePlan(reason_of(found));
    if (output_.empty()) return;
    const auto reference = profile ? std::optional(planner::reference_to(profile_)) : std::nullopt;
    write_file(output_, write_plan_file(plan_file_of(model, cluster, workload, reference, objective(), found)));
  }

 private:
  planner::Objective objective() const { return *planner::find_objective(objective_); }

  planner::Question question(Progress& progress) const {
    planner::Question question;
    question.objective = objective();
    if (!only_.empty()) planner::only(question.constraints, only_);
    for (const std::string& axis : fixed_) planner::fix(question.constraints, axis);
    question.memory_limit = memory_limit_;
    if (time_limit_) question.time_limit = std::chrono::seconds(*time_limit_);
    question.top = static_cast<int>(top_);
    question.threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    question.progress = [&progress](const planner::Progress& so_far) {
      progress.update(static_cast<std::size_t>(so_far.done), static_cast<std::size_t>(so_far.total),
                      std::chrono::duration_cast<Nanos>(std::chrono::duration<double>(so_far.seconds_left)));
    };
    return question;
  }

  std::string headline_of(const models::Model& model, const Cluster& cluster, const Workload& workload) const {
    return fmt::format("# {} | {} | {} | {}\n", to_text(cluster), model.name, to_text(workload),
                       profile_.empty() ? "analytic costs" : "profile " + profile_);
  }

  ModelInput model_;
  ClusterInput cluster_;
  WorkloadInput workload_;
  std::string profile_, objective_ = "makespan", only_, output_;
  std::vector<std::string> fixed_;
  std::optional<Bytes> memory_limit_;
  std::optional<std::int64_t> time_limit_;
  std::int64_t top_ = 5;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> plan_command() { return std::make_unique<PlanCommand>(); }

}  // namespace pipedit::cli
