#include "tests/core/random_values.h"

#include <algorithm>
#include <array>
#include <tuple>

#include <fmt/format.h>

namespace pipedit::tests {

namespace {

int draw_int(Random& random, int low, int high) { return static_cast<int>(draw(random, low, high)); }
bool draw_bool(Random& random) { return draw(random, 0, 1) == 1; }
Nanos draw_time(Random& random, std::int64_t most) { return Nanos{draw(random, 0, most)}; }
double draw_real(Random& random, double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(random);
}

template <class Enum, std::size_t N>
Enum draw_of(Random& random, const std::array<Enum, N>& choices) {
  return choices[static_cast<std::size_t>(draw(random, 0, N - 1))];
}

Transport draw_transport(Random& random) {
  return draw_of(random, std::array{Transport::host, Transport::peer, Transport::nccl, Transport::staged});
}
DeviceKind draw_kind(Random& random) { return draw_of(random, std::array{DeviceKind::cpu, DeviceKind::gpu}); }

template <class Make>
auto several(Random& random, int low, int high, Make make) {
  std::vector<decltype(make())> values;
  for (int left = draw_int(random, low, high); left > 0; --left) values.push_back(make());
  return values;
}

Device random_device(Random& random) {
  Device device{.name = draw_text(random),
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
          .tiles = draw_of(random, std::array{TileOrder::longest_first, TileOrder::whole_videos}),
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

SegmentNames random_segment(Random& random, std::size_t ranks) {
  return {.name = draw_text(random),
          .tasks = several(random, 1, 5, [&] {
            return TaskName{.name = draw_text(random),
                            .kind = draw_text(random),
                            .rank = Rank{draw_int(random, 0, static_cast<int>(ranks) - 1)},
                            .lane = draw_of(random, std::array<std::string, 3>{"compute", "send", "copy"})};
          })};
}

template <class Id, class Named>
Id draw_id(Random& random, const std::vector<Named>& named) {
  return Id{draw_int(random, 0, static_cast<int>(named.size()) - 1)};
}

Span random_span(Random& random, const Pattern& pattern, const std::vector<SegmentNames>& segments) {
  Span span{.call = draw_id<int>(random, pattern.calls), .task = {}, .start = draw_time(random, 10'000'000), .end = {}};
  const PatternCall& call = pattern.calls[static_cast<std::size_t>(span.call)];
  span.task = draw_id<TaskId>(random, segments[index(call.segment)].tasks);
  span.end = span.start + draw_time(random, 10'000'000);
  return span;
}

Pattern random_pattern(Random& random, const std::vector<SegmentNames>& segments) {
  Pattern pattern;
  pattern.calls = several(random, 1, 4, [&] {
    return PatternCall{.segment = draw_id<SegmentId>(random, segments), .block = draw_int(random, -1, 60)};
  });
  pattern.spans = several(random, 0, 8, [&] { return random_span(random, pattern, segments); });
  std::sort(pattern.spans.begin(), pattern.spans.end(), [](const Span& a, const Span& b) {
    return std::tie(a.start, a.call, a.task) < std::tie(b.start, b.call, b.task);
  });
  return pattern;
}

Occurrence random_occurrence(Random& random, const Timeline& timeline) {
  const Nanos start = draw_time(random, 1'000'000'000'000);
  return {.actor = draw_id<ActorId>(random, timeline.actors),
          .unit = draw_of(random, std::array<std::string, 3>{"begin", "step", "decode"}),
          .request = RequestId{draw_int(random, 0, 9)},
          .ordinal = draw_int(random, 0, 9),
          .step = draw_int(random, -1, 49),
          .alternative = draw_int(random, 0, 1),
          .pattern = draw_id<PatternId>(random, timeline.patterns),
          .start = start,
          .end = start + draw_time(random, 1'000'000'000)};
}

}  // namespace

std::int64_t draw(Random& random, std::int64_t low, std::int64_t high) {
  return std::uniform_int_distribution<std::int64_t>(low, high)(random);
}

std::string draw_text(Random& random) {
  constexpr std::array<std::string_view, 10> kLetters = {"a",  "b7", "_", " ",      "\"",
                                                         "\\", "\n", "/", "\u00e9", "\u7530"};
  std::string text;
  for (std::int64_t left = draw(random, 0, 8); left > 0; --left) text += draw_of(random, kLetters);
  return text;
}

Cluster random_cluster(Random& random) {
  Cluster cluster{.name = draw_text(random),
                  .source = draw_text(random),
                  .devices = several(random, 1, 3, [&] { return random_device(random); }),
                  .links = {},
                  .host_to_device = {draw_real(random, 1, 1e12)},
                  .transfer_start = draw_time(random, 1'000'000),
                  .transport = draw_transport(random),
                  .ranks_per_device = draw_int(random, 1, 64)};
  const Device repeated = cluster.devices.back();
  cluster.devices.insert(cluster.devices.end(), static_cast<std::size_t>(draw(random, 0, 5)), repeated);
  for (int left = draw_int(random, 0, 6); left > 0; --left) {
    const std::string a = draw_node(random, cluster.devices.size()), b = draw_node(random, cluster.devices.size());
    if (a != b) cluster.links.push_back({a, b, {draw_real(random, 1, 1e12)}, draw_time(random, 1'000'000)});
  }
  return cluster;
}

Workload random_workload(Random& random) {
  Workload workload{.name = draw_text(random), .shapes = {}, .requests = {}};
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
  return {.name = draw_text(random),
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
                  .sharing_loss = draw_real(random, 0.5, 2)};
  for (std::int64_t left = draw(random, 0, 4); left > 0; --left) profile.machine[draw_text(random)] = draw_text(random);
  profile.contention = several(random, 0, 3, [&] {
    return Contention{
        .kind = draw_text(random), .transport = draw_transport(random), .factor = draw_real(random, 1, 3)};
  });
  return profile;
}

Timeline random_timeline(Random& random) {
  Timeline timeline;
  timeline.source = draw_text(random);
  timeline.plan = draw_text(random);
  timeline.actors = several(random, 1, 3, [&] { return draw_text(random); });
  timeline.ranks = several(random, 1, 4, [&] {
    return RankUse{.busy = draw_time(random, 1'000'000), .peak = {draw(random, 0, std::int64_t{1} << 40)}};
  });
  timeline.segments = several(random, 1, 3, [&] { return random_segment(random, timeline.ranks.size()); });
  timeline.patterns = several(random, 1, 3, [&] { return random_pattern(random, timeline.segments); });
  timeline.occurrences = several(random, 0, 6, [&] { return random_occurrence(random, timeline); });
  timeline.requests = several(random, 0, 3, [&] {
    const Nanos start = draw_time(random, 1'000'000);
    return RequestSpan{.request = RequestId{draw_int(random, 0, 9)}, .start = start, .end = start + 5ns};
  });
  timeline.makespan = draw_time(random, 1'000'000'000'000);
  timeline.provenance = several(random, 0, 5, [&] { return draw_real(random, 0, 1); });
  timeline.steps = draw(random, 0, 1000);
  timeline.steps_reused = draw(random, 0, timeline.steps);
  return timeline;
}

}  // namespace pipedit::tests
