#include "planner/search.h"

#include <algorithm>
#include <chrono>
#include <deque>

#include <fmt/format.h>

#include "core/error.h"
#include "planner/families.h"
#include "planner/family_search.h"
#include "planner/ranking.h"
#include "planner/space_text.h"

namespace pipedit::planner {

namespace {

using Clock = std::chrono::steady_clock;

void add(Counts& sum, const Counts& counts) {
  sum.considered += counts.considered, sum.simulated += counts.simulated, sum.left += counts.left;
  sum.by_group += counts.by_group, sum.by_details += counts.by_details;
  sum.by_path += counts.by_path, sum.by_memory += counts.by_memory;
}

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
    parts_ = static_cast<int>(families.size()) + 1;  // the runner-up is the last
    for (const std::string_view family : families) {
      look_at(family);
      ++done_;
    }
    if (families_.empty() && !question_.constraints.family)
      throw InputError("no plan of the space has all that --fix asks for");
    look_for_second();
    add_up();
    answer_.space = describe_space(cluster_.ranks(), heads_, transport_);
    answer_.search = std::chrono::duration_cast<Nanos>(Clock::now() - start_);
    return std::move(answer_);
  }

 private:
  struct Family {
    Family(Frontier tree, const Judge& judge, const Question& question, TwoBest& two_best)
        : frontier(std::move(tree)), search(frontier, judge, question, two_best) {}
    Frontier frontier;
    FamilySearch search;
  };

  std::vector<std::string_view> families_asked() const {
    if (question_.constraints.family) return {*question_.constraints.family};
    return family_names();
  }

  void look_at(std::string_view name) {
    if (const auto why = not_applicable(name, cluster_.ranks())) return refuse(name, *why);
    Constraints constraints = question_.constraints;
    constraints.family = name;
    Family& family = families_.emplace_back(
        Frontier(bounds_, cluster_, heads_, transport_, question_.objective, demand_, constraints), judge_, question_,
        two_best_);
    if (family.search.counts().considered == 0) {
      families_.pop_back();
      return refuse(name, "no plan of this kind has all that --fix asks for");
    }
    family.search.run(watch());
    if (best_of(family.search.found()) == nullptr)
      if (const auto& misfit = family.search.misfit())
        rest_.push_back(
            {std::string(name), misfit->plan, Verdict::does_not_fit, misfit->reason, {}, {}, misfit->peaks});
  }

  // The other families' best plans are known; a better runner-up can only be one of the winner's.
  void look_for_second() {
    std::vector<Found> best;
    std::vector<FamilySearch*> searches;
    for (Family& family : families_)
      if (const Found* found = best_of(family.search.found())) {
        best.push_back(*found);
        searches.push_back(&family.search);
      }
    if (const Found* winner = best_of(best))
      answer_.runner_up_bound = searches[static_cast<std::size_t>(winner - best.data())]->look_for_second(watch());
  }

  void add_up() {
    std::vector<Found> named, all;
    Nanos left = Nanos::max();
    for (const Family& family : families_) {
      add(answer_.counts, family.search.counts());
      left = std::min(left, family.search.left().value_or(Nanos::max()));
      all.insert(all.end(), family.search.found().begin(), family.search.found().end());
      if (const Found* best = best_of(family.search.found())) named.push_back(*best);
    }
    if (left < Nanos::max()) answer_.runner_up_bound = std::min(answer_.runner_up_bound.value_or(left), left);
    rank(answer_, named, all, question_.top, left);
    answer_.plans.insert(answer_.plans.end(), rest_.begin(), rest_.end());
  }

  void refuse(std::string_view name, const std::string& why) {
    rest_.push_back({std::string(name), {}, Verdict::not_applicable, why, {}, {}, {}});
  }

  // Of what time is left, a part may take its share.
  Ask watch() const {
    const auto now = Clock::now();
    auto until = Clock::time_point::max();
    if (question_.time_limit)
      until =
          now + std::chrono::duration_cast<Clock::duration>((start_ + *question_.time_limit - now) / (parts_ - done_));
    return [this, until](double used) {
      report(used);
      return Clock::now() > until;
    };
  }

  void report(double used) const {
    if (!question_.progress) return;
    const double spent = std::chrono::duration<double>(Clock::now() - start_).count();
    const double done = done_ + used;
    if (done > 0) question_.progress({done_, parts_, spent / done * std::max(0.0, parts_ - done)});
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
  int done_ = 0, parts_ = 0;
  TwoBest two_best_;
  std::deque<Family> families_;   // those with plans
  std::vector<PlanAnswer> rest_;  // families of which no plan fits
  Answer answer_;
};

}  // namespace

Answer search(const models::Model& model, const Cluster& cluster, const Workload& workload,
              const simulator::CostModel& costs, const Question& question) {
  check(workload);
  check(question.constraints, cluster, static_cast<int>(model.dit.num_heads));
  Question limited = question;
  const int shapes = static_cast<int>(workload.shapes.size());
  if (limited.most_simulations) limited.most_simulations = std::max(1, *limited.most_simulations / (shapes * shapes));
  return Search(model, cluster, workload, costs, limited).answer();
}

}  // namespace pipedit::planner
