#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.h"
#include "core/units.h"

namespace pipedit {

enum class DeviceKind { cpu, gpu };

// How bytes move between ranks. host: memcpy between CPU tensors by the sender's thread; peer: copy engines between
// GPUs; nccl: grouped send and receive on the send lane; staged: through pinned host memory, on purpose.
enum class Transport { host, peer, nccl, staged };

// Whether ranks on such devices can use it.
constexpr bool serves(Transport transport, DeviceKind kind) {
  return (transport == Transport::host) == (kind == DeviceKind::cpu);
}

// Peak rates of one slot of a device (all of a GPU, one core of a CPU) and the fraction of them that long operations
// reach; what the analytic costs are made of.
struct DeviceRates {
  FlopsPerSecond matrix;              // dense, in the model's dtype
  BytesPerSecond memory;              // device memory
  double gemm_efficiency = 0;         // of matrix, for large products
  double attention_efficiency = 0;    // of matrix, for long sequences
  double convolution_efficiency = 0;  // of matrix, for the VAE's 3x3x3 convolutions
  double memory_efficiency = 0;       // of memory, for element-wise kernels
  int multiprocessors = 1;            // SMs of the slot (a core: 1): granularity of waves
  Nanos launch{0};                    // host time to enqueue one task
  Nanos task{0};                      // device time of an empty task
  friend bool operator==(const DeviceRates&, const DeviceRates&) = default;
};

struct Device {
  std::string name;  // "H200"
  DeviceKind kind = DeviceKind::gpu;
  int slots = 1;  // compute tasks that run at full rate side by side: a GPU 1, a CPU its cores
  Bytes memory;
  Bytes reserved;  // CUDA context: not for programs
  DeviceRates rates;
  friend bool operator==(const Device&, const Device&) = default;
};

// A full-duplex cable: `bandwidth` each way at once. Ends are node names: devices are "gpu0".. (index), anything else
// is a switch.
struct Link {
  std::string a, b;
  BytesPerSecond bandwidth;
  Nanos latency{0};
  friend bool operator==(const Link&, const Link&) = default;
};

// One machine. Rank r lives on device r / ranks_per_device.
struct Cluster {
  std::string name;
  std::string source;  // where the figures come from, for people
  std::vector<Device> devices;
  std::vector<Link> links;
  BytesPerSecond host_to_device;          // pinned, one direction, per device
  Nanos transfer_start{0};                // start-up of one part of an exchange
  Transport transport = Transport::peer;  // the default
  int ranks_per_device = 1;
  friend bool operator==(const Cluster&, const Cluster&) = default;

  int ranks() const { return static_cast<int>(devices.size()) * ranks_per_device; }
  DeviceId device_of(Rank rank) const { return DeviceId{static_cast<int>(index(rank)) / ranks_per_device}; }
};

// One direction of a link, as a resource: 2 * link + (0: a to b, 1: b to a).
using Direction = int;

// The directions that bytes from one device to another pass, fewest hops first, then widest narrowest link, then
// smallest link ids. Devices do not forward. Empty when both are the same device. Throws InputError when there is no
// path.
std::vector<Direction> path_between(const Cluster&, DeviceId from, DeviceId to);

// The first `count` devices (links to the others are dropped); of a single CPU, its first `count` ranks. Throws
// InputError when there are fewer.
Cluster first_devices(const Cluster&, int count);

// A cluster file; core/cluster_json.cpp is its format. parse_cluster and read_cluster throw InputError naming the key,
// the latter also the file.
Cluster read_cluster(const std::filesystem::path&);
Cluster parse_cluster(std::string_view text);
std::string write_cluster(const Cluster&);

}  // namespace pipedit
