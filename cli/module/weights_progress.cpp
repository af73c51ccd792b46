#include "cli/module/weights_progress.h"

#include "core/error.h"

namespace pipedit::cli {

namespace {

std::size_t mega(Bytes size) { return static_cast<std::size_t>(size.value / 1'000'000); }

}  // namespace

void WeightsProgress::add(const at::Tensor& weight) {
  if (stop_ != nullptr && *stop_) throw Error("interrupted while weights were loaded");
  done_ += Bytes{static_cast<std::int64_t>(weight.nbytes())};
  progress_.update(mega(done_), mega(total_));
}

Bytes size_of(const std::vector<models::WeightSpec>& specifications, at::ScalarType type) {
  return {models::parameter_count(specifications) * static_cast<std::int64_t>(c10::elementSize(type))};
}

}  // namespace pipedit::cli
