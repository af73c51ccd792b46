#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/cluster.h"
#include "program/program.h"

// What can be known of a program before anything runs: no deadlock, no overwritten buffer, nothing read that nobody
// wrote.
namespace pipedit::program {

enum class FaultKind {
  structure,  // something names what does not exist, or lies outside of it
  name,       // two tasks of a rank and segment are called the same
  order,      // events on devices wait for each other in a circle
  hosts,      // hosts wait for each other's records in a circle
  race,       // two accesses to the same bytes, one a write, in no order
  coverage,   // a read of bytes that nobody wrote for it
  attention,  // a row of a head is computed or returned never, or twice
  memory,     // buffers that are alive together share bytes, or the memory table is wrong
};
std::string_view name_of(FaultKind);

struct Fault {
  FaultKind kind{};
  std::string message;  // names tasks in full
  friend bool operator==(const Fault&, const Fault&) = default;
};

// Every fault of ours that can be found in it, each kind up to a few: one mistake shows in many places. The logs are
// looked at with every repeat twice, two or three requests of each shape and pair of shapes, and every ordered pair of
// alternatives; where the structure is wrong nothing else is looked at, and where there is a circle no races.
std::vector<Fault> verify(const Program&, const Cluster&);

// The device's ranks, as a sentence about memory begins: "rank 3 needs", "ranks 0, 1 need together".
std::string who_needs(const Program&, DeviceId);

// Why it does not fit, or nothing: "rank 3 needs 92.1 of 80.0 GiB: weights 23.9, wide 12.1". A limit, per device,
// replaces what the cluster says (its devices' memory less what is reserved).
std::optional<std::string> does_not_fit(const Program&, const Cluster&, std::optional<Bytes> limit = std::nullopt);

}  // namespace pipedit::program
