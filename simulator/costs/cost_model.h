#pragma once

#include <optional>

#include "core/cluster.h"
#include "core/timeline.h"
#include "core/units.h"
#include "program/op_cost.h"
#include "program/program.h"

namespace pipedit::simulator {

struct Cost {
  Nanos time{0};
  Provenance provenance = Provenance::analytic;
};

// Times of tasks and transfers when nothing else runs, and how they slow each other down.
class CostModel {
 public:
  virtual ~CostModel() = default;

  // A task alone on its device, all of it but an exchange's parts.
  virtual Cost task(const program::Program&, const program::Task&) const = 0;

  // Host time to enqueue a task, none on a CPU, whose ranks are one thread each. An exchange in turn costs it once for
  // each part that the rank sends.
  virtual Nanos launch(const program::Program&, const program::Task&) const = 0;

  // One part alone: start-up and moving.
  virtual Cost part(const program::Program&, Transport, const program::Part&) const = 0;

  // Of a transport whose transfers are kernels: from the host's call until the device could run one, which then waits
  // for the task that computes there to end. Part of what part() says. None: transfers need no multiprocessors.
  virtual std::optional<Nanos> kernel_launch(Transport) const { return std::nullopt; }

  // Times longer while transfers of this kind touch the device (1: not at all).
  virtual double contention(program::OpKind, Transport) const = 0;

  // Time of tasks that share a device's slots over what ideal sharing would take.
  virtual double sharing_loss() const = 0;
};

}  // namespace pipedit::simulator
