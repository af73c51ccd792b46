#include "program/verify/accesses.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "program/verify/producers.h"

namespace pipedit::program {

namespace {

constexpr int kNobody = -1;
constexpr std::size_t kWeights = static_cast<std::size_t>(-1);  // as an operand's number

// Results that later calls read too. All others are of one call: what an earlier call left there is stale.
bool carries_over(const Task& task) {
  switch (task.kind) {
    case OpKind::draw_noise:
    case OpKind::refine_constants:
    case OpKind::condition:
    case OpKind::modulation:
    case OpKind::embed_video:
    case OpKind::refine:
    case OpKind::gate:
    case OpKind::scheduler_step:
    case OpKind::load_weights:
      return true;
    case OpKind::exchange:
      return std::get<ExchangeShape>(task.shape).payload == Payload::latent;
    default:
      return false;
  }
}

// By place in DeviceGraph::acts; the acts since the last write.
struct CellState {
  int writer = kNobody;
  int spoiler = kNobody;  // who has written over it through another buffer since
  std::vector<int> readers;
};

class Walk {
 public:
  Walk(const Program& program, const Log& log, const DeviceGraph& graph, const std::vector<int>& order,
       const Cells& cells, const std::vector<SegmentTouches>& touches, Faults& faults)
      : program_(program),
        log_(log),
        graph_(graph),
        clocks_(order, graph.edges, graph.chains, graph.chain, graph.position),
        cells_(cells),
        touches_(touches),
        faults_(faults),
        states_(static_cast<std::size_t>(cells.count())) {}

  void run(const std::vector<int>& order) {
    std::vector<int> rank(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) rank[static_cast<std::size_t>(order[i])] = static_cast<int>(i);
    std::vector<int> acts(graph_.acts.size());
    std::iota(acts.begin(), acts.end(), 0);
    std::ranges::stable_sort(acts, {}, [&](int id) { return rank[static_cast<std::size_t>(act(id).begin)]; });
    for (const int id : acts) visit(id);
  }

 private:
  void visit(int id) {
    const Touched* touched = touched_by(act(id));
    if (touched == nullptr) return;
    const Bindings& bindings = call_of(act(id)).bindings;
    for (std::size_t i = 0; i < touched->reads.size(); ++i)
      read(id, i, touched->reads[i], copy_of(program_.buffer(touched->reads[i].buffer), bindings));
    if (touched->weights) read(id, kWeights, *touched->weights, 0);
    for (const Footprint& box : touched->writes) write(id, box, copy_of(program_.buffer(box.buffer), bindings));
  }

  void read(int id, std::size_t operand, const Footprint& box, int copy) {
    int writer = kNobody;  // of the cells before
    cells_.visit(box, copy, [&](int cell) {
      CellState& state = states_[static_cast<std::size_t>(cell)];
      require_order(state.writer, id, box.buffer, "writes", "reads");
      for (const int alias : cells_.aliases(cell))
        require_order(states_[static_cast<std::size_t>(alias)].writer, id, box.buffer, "writes over", "reads");
      check_source(state, writer, id, operand, box.buffer);
      writer = state.writer;
      if (state.readers.empty() || state.readers.back() != id) state.readers.push_back(id);
    });
  }

  void write(int id, const Footprint& box, int copy) {
    cells_.visit(box, copy, [&](int cell) {
      CellState& state = states_[static_cast<std::size_t>(cell)];
      require_order_after(state, id, box.buffer, "");
      for (const int alias : cells_.aliases(cell)) {
        CellState& other = states_[static_cast<std::size_t>(alias)];
        require_order_after(other, id, box.buffer, " bytes of");
        other.spoiler = id;
      }
      state.writer = id;
      state.spoiler = kNobody;
      state.readers.clear();
    });
  }

  void require_order_after(const CellState& state, int id, BufferId buffer, const char* what) {
    require_order(state.writer, id, buffer, "writes", "writes", what);
    for (const int reader : state.readers) require_order(reader, id, buffer, "reads", "writes", what);
  }

  void require_order(int earlier, int later, BufferId buffer, const char* did, const char* does,
                     const char* what = "") {
    if (earlier == kNobody || earlier == later || faults_.full(FaultKind::race)) return;
    const Act& first = act(earlier);
    const int begin = act(later).begin;
    if (clocks_.before(first.ends[0], begin) || clocks_.before(first.ends[1], begin)) return;
    faults_.add(FaultKind::race, fmt::format("{} {}{} {}, in no order with {}, which {} it", name(later), does, what,
                                             name(buffer), name(earlier), did));
  }

  void check_source(const CellState& state, int writer_before, int id, std::size_t operand, BufferId buffer) {
    if (state.writer == kNobody) {
      fault(id, buffer, "which nobody has written");
    } else if (state.spoiler != kNobody) {
      fault(id, buffer, fmt::format("over which {} has written", name(state.spoiler)));
    } else if (state.writer != writer_before && !is_wanted(state.writer, id, operand)) {
      fault(id, buffer, fmt::format("where {} has written something else", name(state.writer)));
    } else if (!carries_over(task_of(act(state.writer))) && !same_call(state.writer, id)) {
      fault(id, buffer, fmt::format("of which a part was last written by {}", name(state.writer)));
    } else if (writer_before != kNobody && !same_call(writer_before, state.writer)) {
      fault(id, buffer,
            fmt::format("of which one part was written by {}, another by {}", name(writer_before), name(state.writer)));
    }
  }

  bool is_wanted(int writer, int reader, std::size_t operand) const {
    if (operand == kWeights) return task_of(act(writer)).kind == OpKind::load_weights;
    return may_read(task_of(act(reader)), operand, task_of(act(writer)));
  }

  void fault(int id, BufferId buffer, const std::string& why) {
    faults_.add(FaultKind::coverage, fmt::format("{} reads {}, {}", name(id), name(buffer), why));
  }

  bool same_call(int a, int b) const { return act(a).unit == act(b).unit && act(a).call == act(b).call; }

  const Touched* touched_by(const Act& act) const {
    const SegmentTouches& segment = touches_[index(call_of(act).id)];
    if (act.part < 0) return &segment.tasks[index(act.task)];
    const ExchangeId exchange = std::get<ExchangeShape>(task_of(act).shape).exchange;
    return &segment.parts[index(exchange)][static_cast<std::size_t>(act.part)];
  }

  const Act& act(int id) const { return graph_.acts[static_cast<std::size_t>(id)]; }
  const CallInstance& call_of(const Act& act) const {
    return log_[static_cast<std::size_t>(act.unit)].calls[static_cast<std::size_t>(act.call)];
  }
  const Task& task_of(const Act& act) const { return call_of(act).segment->tasks[index(act.task)]; }
  std::string name(int id) const { return name_of_act(log_, act(id)); }
  std::string name(BufferId id) const {
    return fmt::format("{} of rank {}", program_.buffer(id).role, index(program_.buffer(id).rank));
  }

  const Program& program_;
  const Log& log_;
  const DeviceGraph& graph_;
  Clocks clocks_;
  const Cells& cells_;
  const std::vector<SegmentTouches>& touches_;
  Faults& faults_;
  std::vector<CellState> states_;
};

}  // namespace

void check_accesses(const Program& program, const Log& log, const DeviceGraph& graph, const std::vector<int>& order,
                    const Cells& cells, const std::vector<SegmentTouches>& touches, Faults& faults) {
  Walk(program, log, graph, order, cells, touches, faults).run(order);
}

}  // namespace pipedit::program
