#include "simulator/costs/analytic_costs.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace pipedit::simulator {

using program::OpCost;
using program::OpKind;
using program::Program;
using program::Task;

namespace {

constexpr double kAttentionRows = 128;                 // of an attention kernel's tile
constexpr double kGemmRows = 128, kGemmColumns = 256;  // of a product's
constexpr double kPartialWave = 0.7, kTail = 0.03;
constexpr BytesPerSecond kVideoEncoder{250e6};  // raw frames into x264 at its fast presets, a few cores: an estimate
constexpr BytesPerSecond kDisk{1e9};
constexpr std::int64_t kTileKernels = 150;  // 29 convolutions, each with its norm, padding and additions
constexpr double kEventWait = 0.25;         // of a launch: to have a stream wait for a peer's event
constexpr double kCopyContention = 1.03;    // LayerNorm under copies between devices: 2 to 4 % (one H100)
constexpr double kGpuSharingLoss = 1.05;    // 2 or 4 streams of one H100: 1.02 to 1.10 times the serial sum
constexpr int kNcclProcessors = 16;         // multiprocessors that NCCL's channels occupy: an estimate

// On four H200s transfers that were enqueued 30 us before a task ended came too late, and waited for the next to end;
// those that were 90 us before it did not.
constexpr Nanos kNcclLaunch = 50us;

bool tiled(const Device& device) { return device.kind == DeviceKind::gpu && device.rates.multiprocessors > 1; }

// Time over that of the same tiles in full waves.
double wave_loss(const Device& device, double ideal_tiles, double tiles) {
  const int processors = device.rates.multiprocessors;
  return waves(tiles, processors) * processors / ideal_tiles;
}

double attention_loss(const Device& device, const OpCost& cost) {
  if (!tiled(device)) return 1;
  const double rows = static_cast<double>(cost.dims[0]), pieces = static_cast<double>(cost.dims[1]);
  return wave_loss(device, rows / kAttentionRows, std::ceil(rows / pieces / kAttentionRows) * pieces);
}

double gemm_loss(const Device& device, const OpCost& cost) {
  if (!tiled(device)) return 1;
  const double rows = static_cast<double>(cost.dims[0]), columns = static_cast<double>(cost.dims[2]);
  const double height = std::min(rows, kGemmRows);  // few rows: libraries take lower tiles
  return wave_loss(device, rows / height * columns / kGemmColumns,
                   std::ceil(rows / height) * std::ceil(columns / kGemmColumns));
}

double seconds(Flops work, double efficiency, const Device& device) {
  return static_cast<double>(work.value) / (device.rates.matrix.value * efficiency);
}

double seconds(Bytes moved, const Device& device) {
  return static_cast<double>(moved.value) / (device.rates.memory.value * device.rates.memory_efficiency);
}

double arithmetic(OpKind kind, const OpCost& cost, const Device& device) {
  const DeviceRates& rates = device.rates;
  if (cost.flops == Flops{0}) return 0;
  if (kind == OpKind::attention)
    return seconds(cost.flops, rates.attention_efficiency, device) * attention_loss(device, cost);
  if (kind == OpKind::decode_tile) return seconds(cost.flops, rates.convolution_efficiency, device);
  const bool product = cost.kind.starts_with("gemm");
  return seconds(cost.flops, rates.gemm_efficiency, device) * (product ? gemm_loss(device, cost) : 1);
}

double device_seconds(OpKind kind, const OpCost& cost, const Device& device) {
  const double compute = arithmetic(kind, cost, device), memory = seconds(cost.moved, device);
  return kind == OpKind::decode_tile ? compute + memory : std::max(compute, memory);
}

Nanos nanos(double seconds) { return Nanos{std::llround(1e9 * seconds)}; }

// Kernels that one task is.
std::int64_t kernels(const Task& task) {
  if (task.kind == OpKind::decode_tile) return kTileKernels;
  if (const auto* attention = std::get_if<program::AttentionShape>(&task.shape))
    return std::max<std::int64_t>(1, static_cast<std::int64_t>(attention->items.size()));
  if (task.kind == OpKind::keep_outputs) return static_cast<std::int64_t>(task.reads.size());
  return 1;
}

// Element-wise: bound by the memory that copies use too.
bool element_wise(OpKind kind) {
  return kind == OpKind::modulate || kind == OpKind::gate || kind == OpKind::pack_v || kind == OpKind::pack_k ||
         kind == OpKind::pack_q || kind == OpKind::keep_outputs || kind == OpKind::scheduler_step;
}

// Latencies, and the bytes over the narrowest link.
Nanos along_path(const Cluster& cluster, DeviceId from, DeviceId to, Bytes size) {
  Nanos latency{0};
  BytesPerSecond narrowest{std::numeric_limits<double>::infinity()};
  for (const Direction direction : path_between(cluster, from, to)) {
    const Link& link = cluster.links[static_cast<std::size_t>(direction) / 2];
    latency += link.latency;
    narrowest = std::min(narrowest, link.bandwidth);
  }
  return latency + size / narrowest;
}

// Read once and written once.
Nanos copy_time(Bytes size, const Device& device) { return nanos(2 * seconds(size, device)); }

}  // namespace

double waves(double tiles, int processors) {
  const double whole = std::floor(tiles / processors), rest = tiles / processors - whole;
  return whole + (rest > 0 ? kPartialWave + (1 - kPartialWave) * rest : 0) + kTail;
}

const Device& AnalyticCosts::device_of(const Program& program, Rank rank) const {
  return cluster_.devices.at(index(program.devices.at(index(rank))));
}

Cost AnalyticCosts::task(const Program& program, const Task& task) const {
  const Device& device = device_of(program, task.rank);
  const OpCost cost = program::op_cost(program, task);
  switch (task.kind) {
    case OpKind::load_weights:
      return {device.rates.task + cost.moved / cluster_.host_to_device, Provenance::analytic};
    case OpKind::write_frames:
      return {device.rates.task + cost.moved / kVideoEncoder, Provenance::analytic};
    case OpKind::save_latent:
      return {device.rates.task + cost.moved / kDisk, Provenance::analytic};
    default:
      return {device.rates.task + nanos(device_seconds(task.kind, cost, device)), Provenance::analytic};
  }
}

Nanos AnalyticCosts::launch(const Program& program, const Task& task) const {
  const Device& device = device_of(program, task.rank);
  if (device.kind == DeviceKind::cpu) return Nanos{0};  // the thread that enqueues is the one that runs
  const double one = static_cast<double>(device.rates.launch.count());
  return Nanos{
      std::llround(one * (static_cast<double>(kernels(task)) + kEventWait * static_cast<double>(task.waits.size())))};
}

Cost AnalyticCosts::part(const Program& program, Transport transport, const program::Part& part) const {
  const Bytes size = program::bytes_of(program, part.source);
  const Device& device = device_of(program, part.from);
  const DeviceId from = program.devices.at(index(part.from)), to = program.devices.at(index(part.to));
  if (part.from == part.to) return {device.rates.task + copy_time(size, device), Provenance::analytic};
  if (from == to || transport == Transport::host)
    return {cluster_.transfer_start + copy_time(size, device), Provenance::analytic};
  if (transport == Transport::staged)  // down to pinned memory, then up
    return {cluster_.transfer_start * 2 + size * 2 / cluster_.host_to_device, Provenance::analytic};
  const Nanos launch = kernel_launch(transport).value_or(Nanos{0});  // as measured transfers hold it
  return {launch + cluster_.transfer_start + along_path(cluster_, from, to, size), Provenance::analytic};
}

std::optional<Nanos> AnalyticCosts::kernel_launch(Transport transport) const {
  if (transport != Transport::nccl || cluster_.devices.front().kind == DeviceKind::cpu) return std::nullopt;
  return kNcclLaunch;
}

double AnalyticCosts::contention(OpKind kind, Transport transport) const {
  const Device& device = cluster_.devices.front();
  if (device.kind == DeviceKind::cpu) return 1;
  if (transport == Transport::nccl && device.rates.multiprocessors > 2 * kNcclProcessors)
    return static_cast<double>(device.rates.multiprocessors) / (device.rates.multiprocessors - kNcclProcessors);
  return element_wise(kind) ? kCopyContention : 1;
}

double AnalyticCosts::sharing_loss() const {
  return cluster_.devices.front().kind == DeviceKind::gpu ? kGpuSharingLoss : 1;
}

}  // namespace pipedit::simulator
