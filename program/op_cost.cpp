#include "program/op_cost.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/error.h"

namespace pipedit::program {

namespace {

std::int64_t element_of(const Program& program, const Region& region) {
  return size_of(program.buffer(region.buffer).extent.type);
}

Bytes sum_of(const Program& program, const std::vector<Region>& regions) {
  Bytes sum;
  for (const Region& region : regions) sum += bytes_of(program, region);
  return sum;
}

// Counts one task by its shape; `element` is the size of a number of what it writes.
class Counter {
 public:
  Counter(const Program& program, const Task& task) : program_(program), task_(task) {
    element_ = task.writes.empty() ? 1 : element_of(program, task.writes.front());
    cost_.kind = models::name_of(task.kind);
    cost_.moved = sum_of(program, task.reads) + sum_of(program, task.writes);
  }

  OpCost count() {
    std::visit(*this, task_.shape);
    return std::move(cost_);
  }

  void operator()(const RowsShape& shape) {
    cost_.dims = {rows_counted(shape), shape.width};
    cost_.flops = shape.work;
    // Weights, estimated by the work of one row: two operations an element.
    cost_.moved += Bytes{shape.work.value / std::max<std::int64_t>(1, 2 * rows_counted(shape)) * element_};
  }

  void operator()(const StepsShape& shape) {
    cost_.dims = {shape.steps, shape.in, shape.out};
    cost_.flops = Flops{2 * shape.steps * shape.in * shape.out};
    cost_.moved += Bytes{shape.in * shape.out * element_};
  }

  void operator()(const GemmShape& shape) {
    cost_.dims = {shape.rows, shape.in, shape.out};
    cost_.flops = Flops{2 * shape.rows * shape.in * shape.out};
    cost_.moved = Bytes{(shape.rows * (shape.in + shape.out) + shape.in * shape.out) * element_};
    if (task_.kind == OpKind::final_layer) {
      cost_.workspace = Bytes{shape.rows * shape.in * element_of(program_, task_.reads.front())};
    } else if (task_.kind == OpKind::mlp_up) {
      cost_.kind = "gemm_gelu";
    } else {
      cost_.kind = "gemm";
    }
  }

  // A table holds the vectors of all steps; one step's are read.
  void operator()(const ModulateShape& shape) {
    cost_.dims = {shape.rows, shape.width};
    cost_.moved = Bytes{(shape.gate >= 0 ? 3 : 2) * shape.rows * shape.width * element_};
  }

  void operator()(const PackShape& shape) {
    cost_.dims = {shape.rows.size(), static_cast<std::int64_t>(shape.heads.size()), shape.head_dim};
    if (task_.kind != OpKind::pack_v) cost_.kind = "pack_qk";
  }

  void operator()(const AttentionShape& shape) {
    std::int64_t rows = 0, pieces = 0;
    for (const AttentionItem& item : shape.items) {
      rows += item.heads.size() * item.rows.size();
      pieces += item.heads.size();
    }
    cost_.dims = {rows, pieces, shape.key_rows, shape.head_dim};
    cost_.flops = Flops{4 * rows * shape.key_rows * shape.head_dim};
  }

  void operator()(const ExchangeShape&) { throw Error("an exchange costs by its parts"); }

  void operator()(const TileShape& shape) {
    cost_.dims = {shape.frames.size(), shape.rows.size(), shape.columns.size()};
    cost_.flops = shape.work;
    cost_.moved = shape.moved;
    cost_.workspace = shape.workspace;
  }

  void operator()(const LayerShape& shape) {
    cost_.dims = {shape.frames.size(), shape.height, shape.width};
    if (task_.kind == OpKind::blend)
      cost_.workspace = Bytes{2 * shape.frames.size() * 3 * shape.height * shape.width * 4};
    else if (shape.last)
      cost_.kind += ".last";
  }

  void operator()(const BytesShape& shape) {
    cost_.dims = {shape.size.value};
    if (task_.kind == OpKind::load_weights) cost_.moved = shape.size;
  }

 private:
  // The refiner works on all text rows and keeps some.
  std::int64_t rows_counted(const RowsShape& shape) const {
    return task_.kind == OpKind::refine ? task_.reads.front().rows.size() : shape.rows.size();
  }

  const Program& program_;
  const Task& task_;
  std::int64_t element_ = 1;
  OpCost cost_;
};

}  // namespace

OpCost op_cost(const Program& program, const Task& task) { return Counter(program, task).count(); }

OpCost part_cost(const Program& program, Transport transport, const Part& part) {
  constexpr const char* kTransports[] = {"host", "peer", "nccl", "staged"};
  const auto run_of = [&](const Region& region) {  // bytes that lie together
    const Extent& extent = program.buffer(region.buffer).extent;
    if (extent.layout == Layout::slot_major) return extent.row_bytes() * region.rows.size();
    return extent.row_bytes() * region.slots.size();
  };
  OpCost cost;
  cost.kind =
      part.from == part.to ? "exchange.local" : fmt::format("exchange.{}", kTransports[static_cast<int>(transport)]);
  cost.moved = bytes_of(program, part.source);
  cost.dims = {cost.moved.value, std::min(run_of(part.source), run_of(part.target)).value};
  return cost;
}

std::vector<std::string_view> dimension_names(std::string_view kind) {
  if (kind.starts_with("exchange.")) return {"bytes", "run_bytes"};
  if (kind.starts_with("gemm") || kind == "final_layer") return {"rows", "in", "out"};
  if (kind == "condition" || kind == "modulation") return {"steps", "in", "out"};
  if (kind.starts_with("pack")) return {"rows", "heads", "head_dim"};
  if (kind == "attention") return {"query_rows", "pieces", "key_rows", "head_dim"};
  if (kind == "decode_tile") return {"latent_frames", "latent_rows", "latent_columns"};
  if (kind == "blend" || kind.starts_with("write_frames")) return {"frames", "height", "width"};
  if (kind == "load_weights" || kind == "keep_outputs") return {"bytes"};
  return {"rows", "width"};
}

}  // namespace pipedit::program
