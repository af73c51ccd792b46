#include "planner/misfits.h"

namespace pipedit::planner {

std::vector<int> shares_of(const Node& node) {
  std::vector<int> key{static_cast<int>(node.cut)};
  for (const Choice& choice : node.choices) key.push_back(choice.lent_heads);
  return key;
}

void Misfits::note(Example example) {
  if (!example_) example_ = std::move(example);
}

// A group that does not fit alone fits in no other plan either.
void Misfits::note(const Node& node, const Lowered& lowered) {
  note({frontier_.plan(node), *lowered.misfit, lowered.peaks});
  shares_.insert(shares_of(node));
  const Cut& cut = frontier_.cut(node);
  for (std::size_t i = 0; i < cut.size(); ++i) {
    const Plan alone = plan_of({{cut[i].group, 1}}, {*node.choices[i].details}, frontier_.transport());
    if (judge_.lower(alone).misfit) groups_.insert({cut[i].group, node.choices[i].lent_heads});
  }
}

bool Misfits::contains(const Node& node) const {
  if (node.shares_chosen() && shares_.contains(shares_of(node))) return true;
  const Cut& cut = frontier_.cut(node);
  for (std::size_t i = 0; i < cut.size(); ++i)
    if (groups_.contains({cut[i].group, node.choices[i].lent_heads})) return true;
  return false;
}

}  // namespace pipedit::planner
