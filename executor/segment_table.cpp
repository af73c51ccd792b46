#include "executor/segment_table.h"

#include <fmt/format.h>

#include "core/error.h"

namespace pipedit::executor {

using namespace program;

namespace {

std::string name_of(const Segment& segment, const Task& task) {
  return fmt::format("{} / {} @ rank {}", segment.name, label(task), index(task.rank));
}

[[noreturn]] void never(const Segment& segment, const Task& task, const std::string& what) {
  throw Error(fmt::format("{} waits for {}, which never comes", name_of(segment, task), what));
}

void check_wait(const Segment& segment, const Task& task, const Wait& wait) {
  if (const auto* done = std::get_if<TaskDone>(&wait))
    if (index(done->task) >= segment.tasks.size()) never(segment, task, fmt::format("task {}", index(done->task)));
  if (const auto* arrived = std::get_if<Arrived>(&wait))
    if (index(arrived->exchange) >= segment.exchanges.size())
      never(segment, task, fmt::format("exchange {}", index(arrived->exchange)));
}

const Task* member(const Segment& segment, std::size_t exchange, Rank rank) {
  for (const Task& task : segment.tasks)
    if (const auto* shape = std::get_if<ExchangeShape>(&task.shape))
      if (task.rank == rank && index(shape->exchange) == exchange) return &task;
  return nullptr;
}

void check_senders(const Segment& segment, std::size_t exchange) {
  for (const Part& part : segment.exchanges[exchange].parts)
    if (member(segment, exchange, part.from) == nullptr)
      throw Error(fmt::format("{} / exchange {}: rank {} waits for a part from rank {}, which has no task for it",
                              segment.name, exchange, index(part.to), index(part.from)));
}

int members(const Segment& segment, std::size_t exchange) {
  int count = 0;
  for (const Task& task : segment.tasks)
    if (const auto* shape = std::get_if<ExchangeShape>(&task.shape)) count += index(shape->exchange) == exchange;
  return count;
}

void add_tasks(SegmentTable& table, const Segment& segment) {
  std::array<int, kLanes> none;
  none.fill(-1);
  table.tasks.resize(static_cast<std::size_t>(table.ranks));
  table.last.assign(static_cast<std::size_t>(table.ranks), none);
  for (std::size_t i = 0; i < segment.tasks.size(); ++i) {
    const Task& task = segment.tasks[i];
    if (index(task.rank) >= table.tasks.size()) throw Error(name_of(segment, task) + ": no such rank");
    for (const Wait& wait : task.waits) check_wait(segment, task, wait);
    table.tasks[index(task.rank)].push_back(static_cast<int>(i));
    table.last[index(task.rank)][static_cast<std::size_t>(task.lane)] = static_cast<int>(i);
    table.counts.push_back(1);
  }
}

void add_arrivals(SegmentTable& table, const Segment& segment) {
  for (std::size_t exchange = 0; exchange < segment.exchanges.size(); ++exchange) {
    check_senders(segment, exchange);
    std::vector<int> parts(static_cast<std::size_t>(table.ranks), 0);
    for (const Part& part : segment.exchanges[exchange].parts) ++parts[index(part.to)];
    table.counts.insert(table.counts.end(), parts.begin(), parts.end());
  }
  for (std::size_t exchange = 0; exchange < segment.exchanges.size(); ++exchange)
    table.counts.push_back(members(segment, exchange));
}

}  // namespace

int SegmentTable::arrived(ExchangeId exchange, Rank rank) const {
  return task_count() + static_cast<int>(exchange) * ranks + static_cast<int>(rank);
}

int SegmentTable::gathered(ExchangeId exchange) const {
  return task_count() + exchanges * ranks + static_cast<int>(exchange);
}

SegmentTable make_table(const Segment& segment, int ranks) {
  SegmentTable table;
  table.ranks = ranks;
  table.exchanges = static_cast<int>(segment.exchanges.size());
  add_tasks(table, segment);
  add_arrivals(table, segment);
  return table;
}

}  // namespace pipedit::executor
