#pragma once

#include "core/cluster.h"
#include "core/json.h"

// For files that hold a cluster among other things; only *_json.cpp files include this header.
namespace pipedit {

// The whole object with its header; errors name keys below the path of `fields`.
Cluster read_cluster(Fields fields);
Json to_json(const Cluster&);

inline constexpr std::pair<Transport, std::string_view> kTransports[] = {
    {Transport::host, "host"}, {Transport::peer, "peer"}, {Transport::nccl, "nccl"}, {Transport::staged, "staged"}};
inline constexpr std::pair<DeviceKind, std::string_view> kDeviceKinds[] = {{DeviceKind::cpu, "cpu"},
                                                                           {DeviceKind::gpu, "gpu"}};

}  // namespace pipedit
