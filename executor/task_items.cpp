#include "executor/task_items.h"

#include <fmt/format.h>

#include "executor/failure.h"
#include "executor/transport/transport.h"

namespace pipedit::executor {

using namespace program;

namespace {

// A task while its entries are made.
struct Placed {
  const Run& run;
  const std::shared_ptr<const UnitRun>& unit;
  int call, task_id;
  const CallInstance& instance() const { return unit->calls()[static_cast<std::size_t>(call)]; }
  const Task& task() const { return unit->task(call, task_id); }
};

Item item_of(const Placed& placed) { return {.unit = placed.unit, .call = placed.call, .task = placed.task_id}; }

Event event_of(const Placed& placed, const Wait& wait) {
  if (const auto* done = std::get_if<TaskDone>(&wait))
    return placed.unit->event(placed.call, static_cast<int>(done->task));
  if (const auto* tail = std::get_if<Tail>(&wait)) return placed.unit->tail(placed.call, tail->rank, tail->lane);
  const SegmentTable& table = placed.unit->table(placed.call);
  return placed.unit->event(placed.call, table.arrived(std::get<Arrived>(wait).exchange, placed.task().rank));
}

std::vector<Event> waits_of(const Placed& placed) {
  std::vector<Event> events;
  for (const Wait& wait : placed.task().waits)
    if (const Event event = event_of(placed, wait); event.block != nullptr) events.push_back(event);
  return events;
}

// Runs the work so that its error says where it happened.
std::function<void(LaneContext&)> named(const Placed& placed, std::function<void(LaneContext&)> work) {
  return [&run = placed.run, unit = placed.unit, call = placed.call, task_id = placed.task_id,
          work = std::move(work)](LaneContext& lane) {
    try {
      const Placed at{run, unit, call, task_id};
      if (run.options.before_task) run.options.before_task({unit->instance(), at.instance(), at.task()});
      work(lane);
    } catch (const Stopped&) {
      throw;
    } catch (...) {
      throw current_error(fmt::format("rank {}: {}", index(unit->task(call, task_id).rank), unit->name(call, task_id)));
    }
  };
}

std::string weights_of(const CallInstance& call, const Task& task) {
  if (call.segment->weights.empty()) return "";
  std::string prefix = call.segment->weights + ".";
  if (call.bindings.block >= 0) prefix += fmt::format("{}.", call.bindings.block);
  if (task.stream != program::Stream::joint) prefix += fmt::format("{}.", name_of(task.stream));
  return prefix;
}

const WeightStore* store_of(const Run& run, const Task& task) {
  if (const WeightStore* loaded = run.loaded.of(task)) return loaded;
  return run.job.weights_of(run.program.devices[index(task.rank)]);
}

std::function<void(LaneContext&)> operation(const Placed& placed, OpCache& cache) {
  const CallInstance& call = placed.instance();
  const Task& task = placed.task();
  OpContext context{.job = placed.run.job,
                    .store = store_of(placed.run, task),
                    .task = task,
                    .bindings = call.bindings,
                    .shape = placed.run.job.workload->shape_of(call.bindings.request),
                    .weights = weights_of(call, task),
                    .reads = placed.run.addresses.views(task.reads, call.bindings),
                    .writes = placed.run.addresses.views(task.writes, call.bindings),
                    .cache = cache};
  return [&run = placed.run, context = std::move(context)](LaneContext&) { run.options.operation(context); };
}

Move move_of(const Placed& placed, ExchangeId id, const Part& part) {
  const Bindings& bindings = placed.instance().bindings;
  const int arrived = placed.unit->table(placed.call).arrived(id, part.to);
  return {part.from, part.to, placed.run.addresses.view(part.source, bindings),
          placed.run.addresses.view(part.target, bindings), placed.unit->event(placed.call, arrived)};
}

// A rank's share of an exchange, in listed order.
struct Share {
  std::vector<Move> sent, received;
};

Share share_of(const Placed& placed, const Exchange& exchange, ExchangeId id) {
  Share share;
  for (const Part& part : exchange.parts)
    if (part.from == placed.task().rank)
      share.sent.push_back(move_of(placed, id, part));
    else if (part.to == placed.task().rank)
      share.received.push_back(move_of(placed, id, part));
  return share;
}

Item sending(const Placed& placed, const Exchange& exchange, ExchangeId id) {
  Share share = share_of(placed, exchange, id);
  Item item = item_of(placed);
  for (const Move& move : share.sent) item.promises.push_back(move.arrived);
  // In turn, who only receives has nothing to do.
  if (share.sent.empty() && reading_of(exchange.transport) == Reading::in_turn) return item;
  PartTransport& transport = placed.run.session.transport(exchange.transport);
  item.work = named(placed, [&transport, share = std::move(share)](LaneContext& lane) {
    transport.exchange(share.sent, share.received, lane);
  });
  return item;
}

// A rendezvous holds the lane from when the task gets there until its own parts, in and out, are done.
void enqueue_rendezvous(const Placed& placed, RankQueues& queues, Item send, ExchangeId id, Times* times) {
  const SegmentTable& table = placed.unit->table(placed.call);
  const Event gathered = placed.unit->event(placed.call, table.gathered(id));
  const Lane lane = placed.task().lane;
  Item reach = item_of(placed);
  reach.waits = waits_of(placed);
  reach.marks = {gathered};
  reach.times = times;
  send.waits = {gathered};
  Item done = item_of(placed);
  done.waits = {placed.unit->event(placed.call, table.arrived(id, placed.task().rank))};
  done.marks = {placed.unit->event(placed.call, placed.task_id)};
  done.ends = times;
  queues.enqueue(lane, std::move(reach));
  queues.enqueue(lane, std::move(send));
  queues.enqueue(lane, std::move(done));
}

void enqueue_exchange(const Placed& placed, RankQueues& queues, Times* times) {
  const ExchangeId id = std::get<ExchangeShape>(placed.task().shape).exchange;
  const Exchange& exchange = placed.instance().segment->exchanges[index(id)];
  Item send = sending(placed, exchange, id);
  if (reading_of(exchange.transport) == Reading::rendezvous)
    return enqueue_rendezvous(placed, queues, std::move(send), id, times);
  send.waits = waits_of(placed);
  send.marks = {placed.unit->event(placed.call, placed.task_id)};
  send.times = times;
  queues.enqueue(placed.task().lane, std::move(send));
}

}  // namespace

void enqueue_task(const Run& run, OpCache& cache, RankQueues& queues, const std::shared_ptr<const UnitRun>& unit,
                  int call, int task, Times* times) {
  const Placed placed{run, unit, call, task};
  if (placed.task().kind == OpKind::exchange) return enqueue_exchange(placed, queues, times);
  Item item = item_of(placed);
  item.waits = waits_of(placed);
  item.work = named(placed, operation(placed, cache));
  item.marks = {unit->event(call, task)};
  item.times = times;
  queues.enqueue(placed.task().lane, std::move(item));
}

}  // namespace pipedit::executor
