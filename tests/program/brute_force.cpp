#include "tests/program/brute_force.h"

#include <algorithm>
#include <map>
#include <tuple>

#include <boost/dynamic_bitset.hpp>

#include "program/script.h"

namespace pipedit::tests {

namespace {

using namespace pipedit::program;

using Runs = std::vector<std::pair<std::int64_t, std::int64_t>>;  // of bytes: begin, end

// What happens between two moments.
struct Span {
  int start = 0, done = 0;
};

struct Access {
  Span span;
  bool write = false;
  const Runs* runs = nullptr;
};

Runs runs_of(const Buffer& buffer, const Region& region, int copy) {
  const Extent& extent = buffer.extent;
  const std::int64_t base = buffer.offset.value + copy * extent.size().value;
  Runs runs;
  for (std::int64_t slot = region.slots.begin; slot < region.slots.end; ++slot)
    for (std::int64_t row = region.rows.begin; row < region.rows.end; ++row) {
      const std::int64_t at = base + slot * extent.slot_stride().value + row * extent.row_stride().value;
      runs.emplace_back(at, at + extent.row_bytes().value);
    }
  std::sort(runs.begin(), runs.end());
  Runs merged;
  for (const auto& run : runs)
    if (!merged.empty() && merged.back().second == run.first)
      merged.back().second = run.second;
    else
      merged.push_back(run);
  return merged;
}

bool common(const Runs& first, const Runs& second) {
  for (std::size_t i = 0, j = 0; i < first.size() && j < second.size();) {
    if (first[i].first < second[j].second && second[j].first < first[i].second) return true;
    first[i].second < second[j].second ? ++i : ++j;
  }
  return false;
}

class BruteForce {
 public:
  BruteForce(const Program& program, int first, int second) : program_(program), alternatives_{first, second} {}

  bool has_race() {
    for (const Segment& segment : program_.segments)
      for (const Task& task : segment.tasks)
        if (task.kind == OpKind::load_weights)
          loads_[{task.rank, program_.buffer(task.writes.front().buffer).phase}] = &task.writes.front();
    for (std::size_t actor = 0; actor < program_.actors.size(); ++actor)
      if (program_.actors[actor].source == Source::queue)
        for (int request = 0; request < 3; ++request) add_script(ActorId{static_cast<int>(actor)}, request, 0, -1);
    reach_.resize(after_.size());
    for (int moment = 0; moment < static_cast<int>(after_.size()); ++moment) find_reach(moment);
    for (const auto& [memory, accesses] : accesses_)
      for (std::size_t a = 0; a < accesses.size(); ++a)
        for (std::size_t b = a + 1; b < accesses.size(); ++b)
          if (unordered(accesses[a], accesses[b])) return true;
    return false;
  }

 private:
  bool unordered(const Access& a, const Access& b) const {
    if ((!a.write && !b.write) || a.span.start == b.span.start) return false;
    return !comes_before(a.span.done, b.span.start) && !comes_before(b.span.done, a.span.start) &&
           common(*a.runs, *b.runs);
  }
  bool comes_before(int a, int b) const {
    return a == b || reach_[static_cast<std::size_t>(a)].test(static_cast<std::size_t>(b));
  }

  void add_script(ActorId actor, int request, int slot, int handed) {
    ScriptCursor cursor(program_, actor);
    cursor.begin(RequestId{request}, slot);
    int step = 0;
    while (auto unit = cursor.next()) {
      if (unit->bindings.step > 1) continue;  // of the steps the first two
      if (unit->unit->alternatives.size() > 1) unit->alternative = alternatives_[step++ % 2];
      if (unit->unit->hand_to) slot = request % program_.actors[index(*unit->unit->hand_to)].latent_slots;
      unit->bindings.latent_slot = slot;
      const int freed = unit->unit->hand_to ? freed_[{*unit->unit->hand_to, slot}] : 0;
      const int end = add_unit(*unit, handed, freed);
      if (unit->unit->hand_to) {
        add_script(*unit->unit->hand_to, request, slot, end);
        freed_[{*unit->unit->hand_to, slot}] = last_end_;
      }
      handed = -1;
    }
  }

  // Returns the moment at which it is complete.
  int add_unit(const UnitInstance& unit, int handed, int freed) {
    const int start = moment();
    std::vector<Rank> ranks = program_.actors[index(unit.actor)].ranks;
    const std::vector<Rank> own = ranks;
    ranks.insert(ranks.end(), unit.chosen().lent.begin(), unit.chosen().lent.end());
    ranks.insert(ranks.end(), lent_before_[unit.actor].begin(), lent_before_[unit.actor].end());
    lent_before_[unit.actor] = unit.chosen().lent;
    for (const Rank rank : ranks)
      for (const Lane lane : {Lane::compute, Lane::send, Lane::copy}) order_tail(rank, lane, start);
    if (handed > 0) order(handed, start);
    if (freed > 0) order(freed, start);
    phase_ = unit.unit->kind == UnitKind::decode ? Phase::decode : Phase::denoise;
    for (const CallInstance& call : calls_of(program_, unit))
      if (call.bindings.block < 2) add_call(call, start);
    last_end_ = moment();
    for (const Rank rank : own)
      for (const Lane lane : {Lane::compute, Lane::send, Lane::copy, Lane::hand}) order_tail(rank, lane, last_end_);
    return last_end_;
  }

  void add_call(const CallInstance& call, int start) {
    const std::vector<Task>& tasks = call.segment->tasks;
    const auto tails = tails_;
    std::vector<Span> spans;
    std::vector<std::vector<Span>> parts;
    for (std::size_t i = 0; i < tasks.size(); ++i) spans.push_back({moment(), moment()});
    for (const Exchange& exchange : call.segment->exchanges) {
      parts.emplace_back();
      for (std::size_t i = 0; i < exchange.parts.size(); ++i) parts.back().push_back({moment(), moment()});
    }
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      const Task& task = tasks[i];
      order(start, spans[i].start);
      order(spans[i].start, spans[i].done);
      order_tail(task.rank, task.lane, spans[i].start);
      tails_[{task.rank, task.lane}] = spans[i].done;
      add_accesses(call, task, spans[i]);
      for (const Wait& wait : task.waits) {
        if (const auto* done = std::get_if<TaskDone>(&wait)) order(spans[index(done->task)].done, spans[i].start);
        if (const auto* tail = std::get_if<Tail>(&wait))
          if (const auto found = tails.find({tail->rank, tail->lane}); found != tails.end())
            order(found->second, spans[i].start);
        if (const auto* arrived = std::get_if<Arrived>(&wait)) {
          const auto& all = call.segment->exchanges[index(arrived->exchange)].parts;
          for (std::size_t p = 0; p < all.size(); ++p)
            if (all[p].to == task.rank) order(parts[index(arrived->exchange)][p].done, spans[i].start);
        }
      }
    }
    for (std::size_t i = 0; i < tasks.size(); ++i)
      if (tasks[i].kind == OpKind::exchange) add_member(call, tasks, spans, i, parts);
  }

  void add_member(const CallInstance& call, const std::vector<Task>& tasks, const std::vector<Span>& spans,
                  std::size_t member, const std::vector<std::vector<Span>>& parts) {
    const Task& task = tasks[member];
    const ExchangeId id = std::get<ExchangeShape>(task.shape).exchange;
    const Exchange& exchange = call.segment->exchanges[index(id)];
    const bool in_turn = task.lane == Lane::hand || reading_of(exchange.transport) == Reading::in_turn;
    int before = spans[member].start;
    for (std::size_t i = 0; i < exchange.parts.size(); ++i) {
      const Part& part = exchange.parts[i];
      const Span& span = parts[index(id)][i];
      if (in_turn && part.from != task.rank) continue;
      if (in_turn) {
        order(before, span.start);
        before = span.done;
        order(span.done, spans[member].done);
      } else {
        order(spans[member].start, span.start);
        if (part.from == task.rank || part.to == task.rank) order(span.done, spans[member].done);
      }
      if (part.from != task.rank) continue;
      order(span.start, span.done);
      add_access(call, part.source, false, span);
      add_access(call, part.target, true, span);
    }
  }

  void add_accesses(const CallInstance& call, const Task& task, const Span& span) {
    if (task.kind == OpKind::exchange) return;
    for (const Region& region : task.reads) add_access(call, region, false, span);
    if (task.kind != OpKind::load_weights && task.lane == Lane::compute)
      for (const auto& [key, region] : loads_)
        if (key == std::pair(task.rank, phase_) && uses_weights(task.kind)) add_access(call, *region, false, span);
    for (const Region& region : task.writes) add_access(call, region, true, span);
  }

  void add_access(const CallInstance& call, const Region& region, bool write, const Span& span) {
    const Buffer& buffer = program_.buffer(region.buffer);
    const int copy = copy_of(buffer, call.bindings);
    const auto [runs, is_new] = runs_.try_emplace({&region, copy});
    if (is_new) runs->second = runs_of(buffer, region, copy);
    accesses_[{buffer.rank, buffer.place}].push_back({span, write, &runs->second});
  }

  static bool uses_weights(OpKind kind) {
    constexpr OpKind kWithout[] = {OpKind::draw_noise, OpKind::modulate,       OpKind::pack_v, OpKind::attention,
                                   OpKind::gate,       OpKind::scheduler_step, OpKind::blend};
    return std::find(std::begin(kWithout), std::end(kWithout), kind) == std::end(kWithout);
  }

  int moment() {
    after_.emplace_back();
    return static_cast<int>(after_.size()) - 1;
  }
  void order(int a, int b) { after_[static_cast<std::size_t>(a)].push_back(b); }
  void order_tail(Rank rank, Lane lane, int moment) {
    if (const auto found = tails_.find({rank, lane}); found != tails_.end()) order(found->second, moment);
  }

  void find_reach(int moment) {
    auto& reach = reach_[static_cast<std::size_t>(moment)];
    if (!reach.empty()) return;
    reach.resize(after_.size());
    for (const int next : after_[static_cast<std::size_t>(moment)]) {
      find_reach(next);
      reach |= reach_[static_cast<std::size_t>(next)];
      reach.set(static_cast<std::size_t>(next));
    }
  }

  const Program& program_;
  int alternatives_[2];
  std::vector<std::vector<int>> after_;
  std::vector<boost::dynamic_bitset<>> reach_;
  std::map<std::pair<Rank, Place>, std::vector<Access>> accesses_;
  std::map<std::pair<const Region*, int>, Runs> runs_;  // by region and copy; never walked
  std::map<std::pair<Rank, Lane>, int> tails_;
  std::map<ActorId, std::vector<Rank>> lent_before_;
  std::map<std::pair<ActorId, int>, int> freed_;
  std::map<std::pair<Rank, Phase>, const Region*> loads_;  // what a rank loads for a phase
  Phase phase_{};
  int last_end_ = 0;
};

}  // namespace

bool has_race(const Program& program) {
  std::size_t most = 1;
  for (const Actor& actor : program.actors)
    for (const Unit& unit : actor.scripts.front()) most = std::max(most, unit.alternatives.size());
  const int alternatives = static_cast<int>(most);
  for (int first = 0; first < alternatives; ++first)
    for (int second = 0; second < alternatives; ++second)
      if (BruteForce(program, first, second).has_race()) return true;
  return false;
}

}  // namespace pipedit::tests
