#include "core/cluster_json.h"

#include <algorithm>

#include <fmt/format.h>

namespace pipedit {

namespace {

constexpr std::string_view kFormat = "pipedit.cluster";
constexpr int kNewest = 1;
constexpr std::int64_t kMostDevices = 1024;
constexpr std::int64_t kMostSlots = 1024;
constexpr std::int64_t kMostBytes = std::int64_t{1} << 50;
constexpr std::int64_t kLongest = 1'000'000'000;  // of a start-up or a latency: a second
constexpr double kSlowest = 1, kFastest = 1e18;   // per second

double rate(Fields& fields, const char* key) { return fields.number(key, kSlowest, kFastest); }
double efficiency(Fields& fields, const char* key) { return fields.number(key, 1e-6, 1); }
Nanos delay(Fields& fields, const char* key) { return Nanos{fields.integer(key, 0, kLongest)}; }

DeviceRates read_rates(Fields fields) {
  DeviceRates rates;
  rates.matrix = {rate(fields, "matrix_flops_per_s")};
  rates.memory = {rate(fields, "memory_bytes_per_s")};
  rates.gemm_efficiency = efficiency(fields, "gemm_efficiency");
  rates.attention_efficiency = efficiency(fields, "attention_efficiency");
  rates.convolution_efficiency = efficiency(fields, "convolution_efficiency");
  rates.memory_efficiency = efficiency(fields, "memory_efficiency");
  rates.multiprocessors = static_cast<int>(fields.integer("multiprocessors", 1, 65536));
  rates.launch = delay(fields, "launch_ns");
  rates.task = delay(fields, "task_ns");
  fields.finish();
  return rates;
}

Device read_device(Fields& fields) {
  Device device;
  device.name = fields.name("name");
  device.kind = read_enum<DeviceKind>(fields, "kind", kDeviceKinds);
  device.slots = static_cast<int>(fields.integer_or(1, "slots", 1, kMostSlots));
  device.memory = {fields.integer("memory_bytes", 1, kMostBytes)};
  device.reserved = {fields.integer_or(0, "reserved_bytes", 0, device.memory.value)};
  device.rates = read_rates(fields.object("rates"));
  return device;
}

// One entry stands for `count` equal devices.
std::vector<Device> read_devices(Fields& fields) {
  std::vector<Device> devices;
  for (Fields& entry : fields.objects("devices")) {
    const std::int64_t count = entry.integer_or(1, "count", 1, kMostDevices);
    const Device device = read_device(entry);
    entry.finish();
    devices.insert(devices.end(), static_cast<std::size_t>(count), device);
    if (devices.size() > kMostDevices) fields.fail("devices", fmt::format("more than {} devices", kMostDevices));
  }
  if (devices.empty()) fields.fail("devices", "expected at least one device");
  for (const Device& device : devices)
    if (device.kind != devices.front().kind) fields.fail("devices", "expected devices of one kind, got CPUs and GPUs");
  return devices;
}

// "gpu7" is a device and must exist; any other name is a switch.
std::string read_node(Fields& fields, const char* key, std::size_t devices) {
  const std::string name = fields.string(key);
  if (name.empty()) fields.fail(key, "expected a name");
  const bool device = name.size() > 3 && name.starts_with("gpu") &&
                      std::all_of(name.begin() + 3, name.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!device) return name;
  for (std::size_t i = 0; i < devices; ++i)
    if (name == fmt::format("gpu{}", i)) return name;
  fields.fail(key, fmt::format("there is no device {} (gpu0 to gpu{})", name, devices - 1));
}

std::vector<Link> read_links(Fields& fields, std::size_t devices) {
  std::vector<Link> links;
  for (Fields& entry : fields.objects("links")) {
    Link link;
    link.a = read_node(entry, "a", devices);
    link.b = read_node(entry, "b", devices);
    if (link.a == link.b) entry.fail("b", "a link has two different ends");
    link.bandwidth = {rate(entry, "bandwidth_bytes_per_s")};
    link.latency = delay(entry, "latency_ns");
    entry.finish();
    links.push_back(std::move(link));
  }
  return links;
}

Json to_json(const DeviceRates& rates) {
  return {{"matrix_flops_per_s", rates.matrix.value},
          {"memory_bytes_per_s", rates.memory.value},
          {"gemm_efficiency", rates.gemm_efficiency},
          {"attention_efficiency", rates.attention_efficiency},
          {"convolution_efficiency", rates.convolution_efficiency},
          {"memory_efficiency", rates.memory_efficiency},
          {"multiprocessors", rates.multiprocessors},
          {"launch_ns", rates.launch.count()},
          {"task_ns", rates.task.count()}};
}

Json to_json(const Device& device, std::ptrdiff_t count) {
  return {{"name", device.name},
          {"kind", name_of<DeviceKind>(kDeviceKinds, device.kind)},
          {"count", count},
          {"slots", device.slots},
          {"memory_bytes", device.memory.value},
          {"reserved_bytes", device.reserved.value},
          {"rates", to_json(device.rates)}};
}

Json to_json(const Link& link) {
  return {{"a", link.a},
          {"b", link.b},
          {"bandwidth_bytes_per_s", link.bandwidth.value},
          {"latency_ns", link.latency.count()}};
}

}  // namespace

Cluster read_cluster(Fields fields) {
  read_header(fields, kFormat, kNewest);
  Cluster cluster;
  cluster.name = fields.name("name");
  cluster.source = fields.string_or("", "source");
  cluster.devices = read_devices(fields);
  cluster.links = read_links(fields, cluster.devices.size());
  cluster.host_to_device = {rate(fields, "host_to_device_bytes_per_s")};
  cluster.transfer_start = delay(fields, "transfer_start_ns");
  cluster.transport = read_enum<Transport>(fields, "transport", kTransports);
  if (!serves(cluster.transport, cluster.devices.front().kind))
    fields.fail("transport", cluster.transport == Transport::host ? "host is for CPUs: expected peer, nccl or staged"
                                                                  : "CPU ranks use host");
  cluster.ranks_per_device = static_cast<int>(fields.integer_or(1, "ranks_per_device", 1, 64));
  fields.finish();
  return cluster;
}

Json to_json(const Cluster& cluster) {
  Json json = header(kFormat, kNewest);
  json["name"] = cluster.name;
  json["source"] = cluster.source;
  json["devices"] = Json::array();
  for (auto first = cluster.devices.begin(); first != cluster.devices.end();) {
    const auto last = std::find_if_not(first, cluster.devices.end(), [&](const Device& d) { return d == *first; });
    json["devices"].push_back(to_json(*first, last - first));
    first = last;
  }
  json["links"] = Json::array();
  for (const Link& link : cluster.links) json["links"].push_back(to_json(link));
  json["host_to_device_bytes_per_s"] = cluster.host_to_device.value;
  json["transfer_start_ns"] = cluster.transfer_start.count();
  json["transport"] = name_of<Transport>(kTransports, cluster.transport);
  json["ranks_per_device"] = cluster.ranks_per_device;
  return json;
}

Cluster parse_cluster(std::string_view text) {
  const Json json = parse_json(text);
  return read_cluster(Fields(json, ""));
}

Cluster read_cluster(const std::filesystem::path& path) { return parse_file(path, parse_cluster); }

std::string write_cluster(const Cluster& cluster) { return to_text(to_json(cluster)); }

}  // namespace pipedit
