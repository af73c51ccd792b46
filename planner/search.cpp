#include "planner/search.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "core/error.h"
#include "planner/families.h"
#include "planner/family_search.h"
#include "planner/space_text.h"

namespace pipedit::planner {

namespace {

using Clock = std::chrono::steady_clock;

class Search {
 public:
  Search(const models::Model& model, const Cluster& cluster, const Workload& workload,
         const simulator::CostModel& costs, const Question& question)
      : cluster_(cluster),
        question_(question),
        heads_(static_cast<int>(model.dit.num_heads)),
        transport_(question.constraints.transport.value_or(cluster.transport)),
        asked_(asked_of(question.objective, workload, cluster.ranks())),
        demand_(demand_of(asked_)),
        judge_(model, cluster, workload, costs, question.objective, question.memory_limit),
        bounds_({model, cluster, asked_, costs, transport_, question.memory_limit}) {}

  Answer answer() {
    const std::vector<std::string_view> families = families_asked();
    for (std::size_t i = 0; i < families.size(); ++i) {
      look_at(families[i], static_cast<int>(families.size() - i));
      report(static_cast<int>(i) + 1, static_cast<int>(families.size()));
    }
    if (answer_.counts.considered == 0 && !question_.constraints.family)
      throw InputError("no plan of the space has all that --fix asks for");
    rank();
    answer_.space = describe_space(cluster_.ranks(), heads_, transport_);
    answer_.search = std::chrono::duration_cast<Nanos>(Clock::now() - start_);
    return std::move(answer_);
  }

 private:
  std::vector<std::string_view> families_asked() const {
    if (question_.constraints.family) return {*question_.constraints.family};
    return family_names();
  }

  void look_at(std::string_view name, int families_left) {
    if (const auto why = not_applicable(name, cluster_.ranks())) return refuse(name, *why);
    Constraints constraints = question_.constraints;
    constraints.family = name;
    Frontier frontier(bounds_, cluster_, heads_, transport_, question_.objective, demand_, constraints);
    FamilySearch family(frontier, judge_, question_);
    if (family.counts().considered == 0) return refuse(name, "no plan of this kind has all that --fix asks for");
    family.run(limit(families_left));
    add(family.counts());
    if (family.left()) left_ = std::min(left_, *family.left());
    found_.insert(found_.end(), family.found().begin(), family.found().end());
    if (const Found* best = best_of(family.found()))
      named_.push_back(*best);
    else if (const auto& misfit = family.misfit())
      rest_.push_back({std::string(name), misfit->plan, Verdict::does_not_fit, misfit->reason, {}, {}, misfit->peaks});
  }

  void refuse(std::string_view name, const std::string& why) {
    rest_.push_back({std::string(name), {}, Verdict::not_applicable, why, {}, {}, {}});
  }

  // Of what time is left, a family may take its share.
  std::function<bool()> limit(int families_left) const {
    if (!question_.time_limit) return [] { return false; };
    const auto now = Clock::now();
    const std::chrono::duration<double> left = start_ + *question_.time_limit - now;
    const auto until = now + left / families_left;
    return [until] { return Clock::now() > until; };
  }

  void add(const Counts& counts) {
    Counts& sum = answer_.counts;
    sum.considered += counts.considered, sum.simulated += counts.simulated, sum.left += counts.left;
    sum.by_group += counts.by_group, sum.by_details += counts.by_details;
    sum.by_path += counts.by_path, sum.by_memory += counts.by_memory;
  }

  void report(int done, int total) const {
    if (!question_.progress) return;
    const double spent = std::chrono::duration<double>(Clock::now() - start_).count();
    question_.progress({done, total, spent / done * (total - done), answer_.counts.simulated});
  }

  static PlanAnswer answer_of(const Found& found) {
    return {found.plan.name, found.plan, Verdict::fits, "", found.value, found.bound, found.peaks};
  }

  void list(const Found& found) {
    const auto same = [&](const PlanAnswer& a) { return a.plan == found.plan; };
    if (std::ranges::none_of(answer_.plans, same)) answer_.plans.push_back(answer_of(found));
  }

  void rank() {
    const Found* winner = best_of(found_);
    if (winner != nullptr) {
      for (const Found& found : named_) list(found);
      list(*winner);
      const std::size_t most = answer_.plans.size() + static_cast<std::size_t>(std::max(0, question_.top));
      std::vector<Found> others = found_;
      std::ranges::stable_sort(others, {}, &Found::value);
      for (const Found& found : others)
        if (answer_.plans.size() < most) list(found);
      const Plan best = winner->plan;
      std::ranges::stable_sort(answer_.plans, {},
                               [&](const PlanAnswer& a) { return std::pair(a.plan != best, *a.predicted); });
      answer_.winner = 0;
      const Nanos value = *answer_.plans.front().predicted;
      if (left_ < value) answer_.gap = 1 - static_cast<double>(left_.count()) / static_cast<double>(value.count());
    }
    answer_.plans.insert(answer_.plans.end(), rest_.begin(), rest_.end());
  }

  const Cluster& cluster_;
  const Question& question_;
  int heads_;
  Transport transport_;
  Workload asked_;
  Demand demand_;
  Judge judge_;
  BoundTable bounds_;
  Clock::time_point start_ = Clock::now();
  std::vector<Found> found_, named_;
  std::vector<PlanAnswer> rest_;
  Nanos left_ = Nanos::max();
  Answer answer_;
};

}  // namespace

Answer search(const models::Model& model, const Cluster& cluster, const Workload& workload,
              const simulator::CostModel& costs, const Question& question) {
  check(workload);
  check(question.constraints, cluster, static_cast<int>(model.dit.num_heads));
  return Search(model, cluster, workload, costs, question).answer();
}

}  // namespace pipedit::planner
