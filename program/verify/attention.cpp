#include "program/verify/attention.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "program/verify/cover.h"

namespace pipedit::program {

namespace {

// The box of rows and heads that lies in a part of where a box of them was written.
HeadRows inside(const AttentionItem& item, const Region& written, const Region& part) {
  const Range slots = intersect(written.slots, part.slots), rows = intersect(written.rows, part.rows);
  const std::int64_t head = item.heads.begin - written.slots.begin, row = item.rows.begin - written.rows.begin;
  return {{slots.begin + head, slots.end + head}, {rows.begin + row, rows.end + row}};
}

class AttentionCheck {
 public:
  AttentionCheck(const Segment& segment, Faults& faults) : segment_(segment), faults_(faults) {}

  void run() {
    for (const Task& task : segment_.tasks) collect(task);
    if (computed_.empty()) return;
    std::vector<HeadRows> all;
    for (const auto& [rank, own] : queries_) all.insert(all.end(), own.begin(), own.end());
    if (all.empty()) return fault("has attention and no queries");
    report(whole(all), all, "is packed as a query");
    report(all, computed_, "is computed");
    collect_returned();
    for (const auto& [rank, own] : queries_)
      report(own, returned_[rank], fmt::format("comes to its owner, rank {},", index(rank)));
  }

 private:
  struct Written {
    Rank rank;
    AttentionItem item;
    Region region;
  };

  void collect(const Task& task) {
    if (task.kind == OpKind::pack_q) {
      const auto& shape = std::get<PackShape>(task.shape);
      for (const int head : shape.heads) queries_[task.rank].push_back({{head, head + 1}, shape.rows});
      if (!task.reads.empty()) locals_[task.rank].push_back({shape.rows, task.reads.front().rows});
    } else if (task.kind == OpKind::attention) {
      collect_items(task, std::get<AttentionShape>(task.shape));
    } else if (task.kind == OpKind::out_project && !task.reads.empty()) {
      projected_[task.rank] = task.reads.front().buffer;
    }
  }

  void collect_items(const Task& task, const AttentionShape& shape) {
    key_rows_ = shape.key_rows;
    if (shape.items.size() != task.writes.size())
      return fault(fmt::format("has {} @ rank {} with {} items and {} outputs", label(task), index(task.rank),
                               shape.items.size(), task.writes.size()));
    for (std::size_t i = 0; i < shape.items.size(); ++i) {
      const AttentionItem& item = shape.items[i];
      if (item.heads.size() != task.writes[i].slots.size() || item.rows.size() != task.writes[i].rows.size())
        fault(fmt::format("has {} @ rank {}, whose output {} has another size", label(task), index(task.rank), i));
      computed_.push_back({item.heads, item.rows});
      written_.push_back({task.rank, item, task.writes[i]});
    }
  }

  // All heads and rows from the first to the last, to see that none is left out between; the keys are of all rows.
  std::vector<HeadRows> whole(const std::vector<HeadRows>& queries) const {
    HeadRows box{{0, 0}, {0, key_rows_}};
    for (const HeadRows& query : queries) box.heads.end = std::max(box.heads.end, query.heads.end);
    return {box};
  }

  void collect_returned() {
    for (const Task& task : segment_.tasks) {
      if (task.kind == OpKind::keep_outputs) collect_kept(task);
      const auto* shape = std::get_if<ExchangeShape>(&task.shape);
      if (shape == nullptr || shape->payload != Payload::o) continue;
      for (const Part& part : segment_.exchanges[index(shape->exchange)].parts)
        if (part.from == task.rank) collect_part(part);
    }
    for (const Written& written : written_) {
      const auto projected = projected_.find(written.rank);
      if (projected != projected_.end() && projected->second == written.region.buffer)
        add_returned(written.rank, {written.item.heads, written.item.rows}, written.region);
    }
  }

  void collect_kept(const Task& task) {
    for (std::size_t i = 0; i < std::min(task.reads.size(), task.writes.size()); ++i)
      collect_part({task.rank, task.rank, task.reads[i], task.writes[i]});
  }

  void collect_part(const Part& part) {
    for (const Written& written : written_) {
      if (written.rank != part.from || written.region.buffer != part.source.buffer) continue;
      const HeadRows box = inside(written.item, written.region, part.source);
      if (box.heads.empty() || box.rows.empty()) continue;
      Region target = part.target;
      target.slots.begin += intersect(written.region.slots, part.source.slots).begin - part.source.slots.begin;
      target.rows.begin += intersect(written.region.rows, part.source.rows).begin - part.source.rows.begin;
      add_returned(part.to, box, target);
    }
  }

  // Rows may be of several streams, each with a place of its own at the owner.
  void add_returned(Rank owner, const HeadRows& box, const Region& target) {
    returned_[owner].push_back(box);
    const auto projected = projected_.find(owner);
    if (projected == projected_.end() || projected->second != target.buffer)
      return fault(fmt::format("returns {} to a place that rank {} does not project from", text(box), index(owner)));
    for (const auto& [global, local] : locals_[owner]) {
      const Range rows = intersect(global, box.rows);
      if (rows.empty()) continue;
      const std::int64_t place = target.rows.begin + rows.begin - box.rows.begin;
      if (target.slots.begin != box.heads.begin || place != local.begin + rows.begin - global.begin)
        fault(fmt::format("returns {} to slot {} and row {} of rank {}, where others belong", text(box),
                          target.slots.begin, place, index(owner)));
    }
  }

  static std::string text(const HeadRows& box) {
    return fmt::format("heads {} to {}, rows {} to {}", box.heads.begin, box.heads.end, box.rows.begin, box.rows.end);
  }

  void report(const std::vector<HeadRows>& wanted, const std::vector<HeadRows>& given, const std::string& what) {
    if (const auto wrong = miscount(wanted, given))
      fault(fmt::format("has row {} of head {}, which {} {} times instead of {}", wrong->row, wrong->head, what,
                        wrong->given, wrong->wanted));
  }

  void fault(const std::string& why) { faults_.add(FaultKind::attention, fmt::format("{} {}", segment_.name, why)); }

  const Segment& segment_;
  Faults& faults_;
  std::map<Rank, std::vector<HeadRows>> queries_, returned_;
  std::map<Rank, std::vector<std::pair<Range, Range>>> locals_;  // global rows and where they lie at their owner
  std::map<Rank, BufferId> projected_;                           // what the output projection reads
  std::vector<HeadRows> computed_;
  std::vector<Written> written_;
  std::int64_t key_rows_ = 0;
};

}  // namespace

void check_attention(const Program& program, Faults& faults) {
  for (const Segment& segment : program.segments) AttentionCheck(segment, faults).run();
}

}  // namespace pipedit::program
