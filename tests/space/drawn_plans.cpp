#include "tests/space/drawn_plans.h"

#include <optional>
#include <random>

#include "planner/families.h"
#include "planner/space.h"

namespace pipedit::tests {

using namespace planner;

namespace {

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : random_(seed) {}

  // std::uniform_int_distribution differs between libraries.
  template <class T>
  const T& one_of(const std::vector<T>& values) {
    return values[random_() % values.size()];
  }

  Plan plan(const Cut& cut, int heads, Transport transport) {
    std::vector<Details> chosen;
    for (const Replicas& replicas : cut)
      chosen.push_back(one_of(details(replicas.group, one_of(lent_shares(replicas.group, heads)), heads)));
    return plan_of(cut, chosen, transport);
  }

 private:
  std::mt19937_64 random_;
};

std::vector<Cut> cuts_of_all(int ranks) {
  std::vector<Cut> all;
  for (Cut& cut : cuts(ranks))
    if (ranks_of(cut) == ranks) all.push_back(std::move(cut));
  return all;
}

// What the family makes of a cut: all that is in it, or, of several pipelines, one draw.
std::vector<Plan> members(std::string_view family, const Cut& cut, int heads, Draw& draw, Transport transport) {
  if (pipelines_of(cut) > 1) return {draw.plan(cut, heads, transport)};
  std::vector<Plan> plans;
  const Group group = cut.front().group;
  for (const int lent : lent_shares(group, heads))
    for (Details chosen : details(group, lent, heads)) {
      if (family == "offload_ulysses") chosen.memory = Memory::offload;
      if (is_in(family, group, chosen)) plans.push_back(plan_of(cut, {chosen}, transport));
    }
  return plans;
}

// On as many ranks as the family can use: six heads on seven ranks leave nothing to cut into chunks.
std::optional<Plan> member(std::string_view family, int ranks, int heads, Draw& draw, Transport transport) {
  for (int used = ranks; used > 0; --used) {
    std::vector<Plan> plans;
    for (const Cut& cut : cuts_of_all(used))
      if (may_be_in(family, cut))
        for (Plan& plan : members(family, cut, heads, draw, transport)) plans.push_back(std::move(plan));
    if (!plans.empty()) return draw.one_of(plans);
  }
  return std::nullopt;
}

}  // namespace

std::vector<Plan> single_pipeline_plans(int ranks, int heads, Transport transport) {
  std::vector<Plan> plans;
  for (const Cut& cut : cuts(ranks)) {
    if (pipelines_of(cut) != 1) continue;
    for (const int lent : lent_shares(cut.front().group, heads))
      for (const Details& chosen : details(cut.front().group, lent, heads))
        plans.push_back(plan_of(cut, {chosen}, transport));
  }
  return plans;
}

std::vector<Plan> drawn_plans(int ranks, int heads, int count, std::uint64_t seed, Transport transport) {
  Draw draw(seed);
  const std::vector<Cut> all = cuts_of_all(ranks);
  std::vector<Plan> plans;
  for (int i = 0; i < count; ++i) plans.push_back(draw.plan(draw.one_of(all), heads, transport));
  return plans;
}

std::vector<Plan> named_plans(int ranks, int heads, std::uint64_t seed, Transport transport) {
  Draw draw(seed);
  std::vector<Plan> plans;
  for (const std::string_view family : family_names())
    if (auto plan = member(family, ranks, heads, draw, transport); plan && !not_applicable(family, ranks))
      plans.push_back(std::move(*plan));
  return plans;
}

}  // namespace pipedit::tests
