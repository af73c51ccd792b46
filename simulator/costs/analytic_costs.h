#pragma once

#include <string_view>

#include "simulator/costs/cost_model.h"

namespace pipedit::simulator {

// Costs from a cluster's peak rates and efficiencies, without a measurement.
//
// A task takes the device's empty-task time, and the longer of its arithmetic and its memory traffic; tiles of the
// decoder, sequences of kernels bound by one or the other, take the sum of both. Kernels that deal output tiles to
// multiprocessors (attention, products) take waves, see waves().
class AnalyticCosts : public CostModel {
 public:
  explicit AnalyticCosts(Cluster cluster) : cluster_(std::move(cluster)) {}

  Cost task(const program::Program&, const program::Task&) const override;
  Nanos launch(const program::Program&, const program::Task&) const override;
  Cost part(const program::Program&, Transport, const program::Part&) const override;
  std::optional<Nanos> kernel_launch(Transport) const override;
  double contention(program::OpKind, Transport) const override;
  double sharing_loss() const override;

 private:
  const Device& device_of(const program::Program&, Rank) const;

  Cluster cluster_;
};

// How many times the time of one full wave it takes when `tiles` tiles are dealt to `processors` multiprocessors.
//
//   waves = whole + (f > 0: 0.7 + 0.3 f) + 0.03, where tiles / processors = whole + f
//
// A wave that is not full is faster than a full one, since its tiles share caches and power with fewer others; a kernel
// ends with a tail. Fitted to three calls of one head against one of three (FlashAttention-3 on an H200): 2.5 at 4 k
// tokens, 1.5 at 8 k, 1.04 at 16.8 k, 1.02 at 33 k, 1.12 at 68 k, 1.04 at 119 k. Whole waves alone would say 3 at 4 k.
double waves(double tiles, int processors);

}  // namespace pipedit::simulator
