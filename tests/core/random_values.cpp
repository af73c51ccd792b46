#include "tests/core/random_values.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "tests/core/draw.h"

namespace pipedit::tests {

namespace {

Transport draw_transport(Random& random) {
  return draw_of(random, std::array{Transport::host, Transport::peer, Transport::nccl, Transport::staged});
}
DeviceKind draw_kind(Random& random) { return draw_of(random, std::array{DeviceKind::cpu, DeviceKind::gpu}); }

Device random_device(Random& random) {
  Device device{.name = draw_name(random),
                .kind = draw_kind(random),
                .slots = draw_int(random, 1, 64),
                .memory = {draw(random, 1, std::int64_t{1} << 48)},
                .reserved = {},
                .rates = {}};
  device.reserved = {draw(random, 0, device.memory.value)};
  device.rates = {.matrix = {draw_real(random, 1, 1e16)},
                  .memory = {draw_real(random, 1, 1e14)},
                  .gemm_efficiency = draw_real(random, 1e-3, 1),
                  .attention_efficiency = draw_real(random, 1e-3, 1),
                  .convolution_efficiency = draw_real(random, 1e-3, 1),
                  .memory_efficiency = draw_real(random, 1e-3, 1),
                  .multiprocessors = draw_int(random, 1, 200),
                  .launch = draw_time(random, 100'000),
                  .task = draw_time(random, 100'000)};
  return device;
}

std::string draw_node(Random& random, std::size_t devices) {
  const auto device = draw(random, 0, static_cast<std::int64_t>(devices) - 1);
  return draw_bool(random) ? fmt::format("gpu{}", device) : fmt::format("switch {}", device);
}

Pipeline random_pipeline(Random& random) {
  const auto ranks = [&] { return several(random, 0, 8, [&] { return Rank{draw_int(random, 0, 63)}; }); };
  return {.denoise = ranks(),
          .decode = ranks(),
          .ring = draw_int(random, 1, 8),
          .cfg = draw_int(random, 1, 2),
          .chunks = several(random, 0, 4, [&] { return draw_int(random, 1, 24); }),
          .row_groups = draw_int(random, 1, 16),
          .fill = draw_bool(random),
          .lent_heads = draw_int(random, 0, 8),
          .memory = draw_of(random, std::array{Memory::resident, Memory::offload}),
          .latent_slots = draw_int(random, 1, 64)};
}

ProfilePoint random_point(Random& random) {
  const Nanos low = draw_time(random, 1'000'000), median = low + draw_time(random, 1'000'000);
  return {.kind = draw_text(random),
          .dims = several(random, 0, 5, [&] { return draw(random, 0, std::int64_t{1} << 40); }),
          .busy = draw_int(random, 1, 8),
          .median = median,
          .low = low,
          .high = median + draw_time(random, 1'000'000),
          .count = draw_int(random, 1, 1000)};
}

auto order(const ProfilePoint& point) { return std::tie(point.kind, point.dims, point.busy); }

std::vector<ProfilePoint> random_points(Random& random) {
  auto points = several(random, 0, 6, [&] { return random_point(random); });
  std::sort(points.begin(), points.end(), [](const auto& a, const auto& b) { return order(a) < order(b); });
  const auto equal = [](const auto& a, const auto& b) { return order(a) == order(b); };
  points.erase(std::unique(points.begin(), points.end(), equal), points.end());
  return points;
}

}  // namespace

Cluster random_cluster(Random& random) {
  Cluster cluster{.name = draw_name(random),
                  .source = draw_text(random),
                  .devices = several(random, 1, 3, [&] { return random_device(random); }),
                  .links = {},
                  .host_to_device = {draw_real(random, 1, 1e12)},
                  .transfer_start = draw_time(random, 1'000'000),
                  .transport = draw_transport(random),
                  .ranks_per_device = draw_int(random, 1, 64)};
  const DeviceKind kind = cluster.devices.front().kind;
  for (Device& device : cluster.devices) device.kind = kind;
  while (!serves(cluster.transport, kind)) cluster.transport = draw_transport(random);
  const Device repeated = cluster.devices.back();
  cluster.devices.insert(cluster.devices.end(), static_cast<std::size_t>(draw(random, 0, 5)), repeated);
  for (int left = draw_int(random, 0, 6); left > 0; --left) {
    const std::string a = draw_node(random, cluster.devices.size()), b = draw_node(random, cluster.devices.size());
    if (a != b) cluster.links.push_back({a, b, {draw_real(random, 1, 1e12)}, draw_time(random, 1'000'000)});
  }
  return cluster;
}

Workload random_workload(Random& random) {
  Workload workload{.name = draw_name(random), .shapes = {}, .requests = {}};
  workload.shapes = several(random, 1, 3, [&] {
    return RequestShape{.width = 16 * draw_int(random, 1, 100),
                        .height = 16 * draw_int(random, 1, 100),
                        .frames = 1 + 4 * draw_int(random, 0, 50),
                        .steps = draw_int(random, 1, 100),
                        .text_tokens = draw_int(random, 1, 512)};
  });
  Nanos arrival{0};
  workload.requests = several(random, 1, 6, [&] {
    if (draw_bool(random)) arrival += draw_time(random, 1'000'000'000);
    return Request{.shape = draw_id<int>(random, workload.shapes), .arrival = arrival, .prompt = draw_text(random)};
  });
  return workload;
}

Plan random_plan(Random& random) {
  return {.name = draw_name(random),
          .pipelines = several(random, 0, 3, [&] { return random_pipeline(random); }),
          .transport = draw_transport(random),
          .attention = draw_text(random)};
}

Profile random_profile(Random& random) {
  Profile profile{.model = draw_text(random),
                  .machine = {},
                  .device = draw_kind(random),
                  .points = random_points(random),
                  .contention = {},
                  .sharing_loss = draw_real(random, 1, 2)};
  for (std::int64_t left = draw(random, 0, 4); left > 0; --left) profile.machine[draw_text(random)] = draw_text(random);
  profile.contention = several(random, 0, 3, [&] {
    return Contention{.kind = draw_text(random),
                      .transport = draw_transport(random),
                      .between_devices = draw(random, 0, 1) == 1,
                      .factor = draw_real(random, 1, 3)};
  });
  return profile;
}

}  // namespace pipedit::tests
