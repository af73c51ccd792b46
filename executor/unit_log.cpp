#include "executor/unit_log.h"

namespace pipedit::executor {

using namespace program;

namespace {

constexpr std::size_t kRemembered = 3;  // entries that hosts may still ask about: run-ahead is two units

}  // namespace

UnitLog::UnitLog(const Program& program, const std::vector<SegmentTable>& tables, Session& session)
    : program_(&program),
      tables_(&tables),
      session_(&session),
      entries_(program.actors.size()),
      last_(program.actors.size()),
      forgotten_(program.actors.size(), 0),
      tails_(static_cast<std::size_t>(program.ranks())) {}

void UnitLog::append(const UnitInstance& instance, std::optional<ActorId> helpers) {
  auto run = std::make_shared<UnitRun>(*program_, *tables_, instance, static_cast<int>(records_.size()));
  run->prepare(*session_, last_[index(instance.actor)].get(), tails_);
  tails_ = run->tails_after();
  UnitRecord record{.instance = instance, .calls = {}};
  for (const CallInstance& call : run->calls()) record.calls.push_back({call.id, call.bindings.block});
  records_.push_back(std::move(record));
  add(instance.actor, run);
  if (helpers) add(*helpers, run);
  if (instance.unit->hand_to) add(*instance.unit->hand_to, run);
}

void UnitLog::add(ActorId actor, const std::shared_ptr<const UnitRun>& run) {
  entries_[index(actor)].push_back(run);
  if (!run->visits(actor)) last_[index(actor)] = run;
  forget(actor);
}

bool UnitLog::all_finished(ActorId actor) const {
  const auto& log = entries_[index(actor)];
  for (std::size_t i = forgotten_[index(actor)]; i < log.size(); ++i)
    if (!session_->is_set(log[i]->finished())) return false;
  return true;
}

void UnitLog::forget(ActorId actor) {
  auto& log = entries_[index(actor)];
  std::size_t& next = forgotten_[index(actor)];
  while (next + kRemembered < log.size() && session_->is_set(log[next]->complete())) log[next++] = nullptr;
}

}  // namespace pipedit::executor
