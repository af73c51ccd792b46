#include "executor/kernels/cuda/vae_decoder.h"

#include <map>
#include <memory>
#include <mutex>

#include <c10/core/InferenceMode.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

#include "executor/kernels/cuda/lasting_thread.h"
#include "executor/kernels/cuda/vae_layers.h"
#include "executor/kernels/vae_walk.h"

namespace pipedit::executor::kernels::cuda {

namespace {

class ThreadsByDevice {
 public:
  LastingThread& of(int device) {
    const std::lock_guard lock(mutex_);
    std::unique_ptr<LastingThread>& thread = threads_[device];
    if (thread == nullptr) thread = std::make_unique<LastingThread>();
    return *thread;
  }

 private:
  std::mutex mutex_;
  std::map<int, std::unique_ptr<LastingThread>> threads_;
};

}  // namespace

at::Tensor decode_tile(const WeightStore& weights, const models::VaeConfig& config, const at::Tensor& latents) {
  if (!VaeLayers::take(weights, config)) return kernels::decode_tile(weights, config, latents);
  const VaeLayers layers(weights, config);
  const auto unseen = [](std::string_view, const Activation&) {};
  return layers.leave(walk_decoder(layers, config, layers.enter(latents), unseen));
}

DecodeTile decode_tile_on_lasting_threads() {
  return [threads = std::make_shared<ThreadsByDevice>()](const WeightStore& weights, const models::VaeConfig& config,
                                                         const at::Tensor& latents) {
    const int device = latents.device().index();
    const c10::cuda::CUDAStream stream = c10::cuda::getCurrentCUDAStream(static_cast<c10::DeviceIndex>(device));
    at::Tensor frames;
    threads->of(device).run([&, inference = c10::InferenceMode::is_enabled()] {
      const c10::InferenceMode mode(inference);
      const c10::cuda::CUDAStreamGuard guard(stream);
      frames = decode_tile(weights, config, latents);
    });
    return frames;
  };
}

}  // namespace pipedit::executor::kernels::cuda
