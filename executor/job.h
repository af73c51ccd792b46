#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/ids.h"
#include "core/workload.h"
#include "executor/kernels/kernel_set.h"
#include "executor/ops/cache.h"
#include "models/model.h"

namespace pipedit::executor {

class WeightStore;

// What one request brings: valid text tokens only (padding dropped).
struct RequestInput {
  at::Tensor text_states;             // [Lv, text_dim], f32
  at::Tensor pooled;                  // [pooled_dim], f32
  std::optional<at::Tensor> noise;    // [C, T, h, w], f32; drawn from the seed where not given
  std::optional<at::Tensor> latents;  // [C, T, h, w], f32: denoised already, only to be decoded
  std::uint64_t number = 0;           // draws its noise together with the seed: the request's place in the whole job
};

// Where results go, called by the ranks' writer lanes; implementations lock. A throw fails the run.
class ResultSink {
 public:
  virtual ~ResultSink() = default;
  virtual void latent(RequestId, const at::Tensor& latents) = 0;            // [C, T, h, w] f32, before decoding
  virtual void frames(RequestId, Range frames, const at::Tensor& rgb) = 0;  // [F, H, W, 3] u8, in order
  virtual void finished(RequestId) = 0;                                     // after the last frame
  virtual void abandon() noexcept {}  // the run has failed: nobody is to wait in here any longer; from any thread
};

// Where only the time counts.
class NoResults : public ResultSink {
 public:
  void latent(RequestId, const at::Tensor&) override {}
  void frames(RequestId, Range, const at::Tensor&) override {}
  void finished(RequestId) override {}
};

// What a run is given beside its program. All pointees outlive the run.
struct Job {
  const models::Model* model = nullptr;
  const Workload* workload = nullptr;
  const WeightStore* weights = nullptr;                 // resident
  std::vector<const WeightStore*> device_weights = {};  // by device, where each has its own; empty: all use `weights`
  const WeightStore* host_weights = nullptr;            // what load_weights tasks copy; null: `weights`
  kernels::KernelSet kernels = {};
  std::vector<RequestInput> inputs;  // by request
  std::uint64_t seed = 0;            // of the noise
  ResultSink* sink = nullptr;
  std::shared_ptr<OpCaches> caches = std::make_shared<OpCaches>();  // shared by the job's copies

  const WeightStore* weights_of(DeviceId device) const {
    return device_weights.empty() ? weights : device_weights[index(device)];
  }
  const WeightStore* host_copy() const { return host_weights != nullptr ? host_weights : weights; }
};

}  // namespace pipedit::executor
