#include "planner/throughput_bound.h"

#include <algorithm>
#include <functional>

namespace pipedit::planner {

namespace {

using Pipelines = std::vector<const PipelineTimes*>;
using Weights = std::vector<double>;  // by request shape

// Requests in the window of one of several pipelines, which may draw little.
constexpr int kLeastWindow = kLeastDrawn - kLeastDrawn / 2;

// Shapes of the requests that are drawn in the window that value_of() looks at: the later half of the stream.
std::vector<std::size_t> window_of(const Demand& demand, std::size_t pipelines) {
  const std::size_t requests = static_cast<std::size_t>(stream_for(demand.counts.size())) * pipelines;
  const auto from = demand.order.begin() + static_cast<std::ptrdiff_t>(requests / 2 - 1);
  return {from, demand.order.begin() + static_cast<std::ptrdiff_t>(requests - 1)};
}

// One pipeline draws all requests in order.
Nanos period_of_one(const PipelineTimes& times, const Demand& demand) {
  const std::vector<std::size_t> window = window_of(demand, 1);
  if (times.size() == 1) return period_bound(times.front(), static_cast<int>(window.size()));
  Nanos turns{0}, decodings{0};
  for (const std::size_t shape : window) {
    turns += turn_bound(times[shape]);
    decodings += times[shape].colocated ? Nanos{0} : times[shape].decode;
  }
  return std::max(turns, decodings) / static_cast<std::int64_t>(window.size());
}

// Several pipelines that value_of() takes together. Of the requests in its window all but one of each pipeline are
// denoised within it, and all but three decoded: one that is being denoised and two latents. (A pipeline alone denoises
// them all: the window begins and ends with its draws.)
class Together {
 public:
  Together(const Pipelines& pipelines, const Demand& demand)
      : pipelines_(pipelines),
        window_(window_of(demand, pipelines.size())),
        denoising_(pipelines.size() > 1 ? 1 : 0),
        waiting_(denoising_ + 2) {}

  // With weights u by shape and times t by pipeline and shape: the sum of u over what pipelines get through is at most
  // the time times the sum over them of the largest u / t. u: the first pipeline's times.
  double by_time(const std::function<double(const RequestTimes&)>& time, std::size_t late) const {
    const Weights weights = of_shapes(time, {pipelines_.front()});
    double speed = 0;
    for (const PipelineTimes* times : pipelines_) {
      double fastest = 0;
      for (const std::size_t shape : window_) {
        if (time((*times)[shape]) <= 0) return 0;
        fastest = std::max(fastest, weights[shape] / time((*times)[shape]));
      }
      speed += fastest;
    }
    return speed > 0 ? done(weights, late) / speed : 0;
  }

  // Of one device that all share.
  double by_work() const {
    const auto denoise = [](const RequestTimes& times) {
      return nanoseconds(times.denoise_work() + (times.colocated ? times.decode_work : Nanos{0}));
    };
    const auto decode = [](const RequestTimes& times) {
      return nanoseconds(times.colocated ? Nanos{0} : times.decode_work);
    };
    return done(of_shapes(denoise, pipelines_), denoising_) + done(of_shapes(decode, pipelines_), waiting_);
  }

  Nanos period() const {
    const auto turn = [](const RequestTimes& times) { return nanoseconds(turn_bound(times)); };
    const auto decode = [](const RequestTimes& times) {
      return nanoseconds(times.colocated ? Nanos{0} : times.decode);
    };
    const double time = std::max({by_time(turn, denoising_), by_time(decode, waiting_), by_work()});
    return Nanos{static_cast<std::int64_t>(time / static_cast<double>(window_.size()) * (1 - 1e-9))};
  }

 private:
  static double nanoseconds(Nanos time) { return static_cast<double>(time.count()); }

  // The least of these pipelines.
  static Weights of_shapes(const std::function<double(const RequestTimes&)>& what, const Pipelines& pipelines) {
    Weights weights;
    for (std::size_t shape = 0; shape < pipelines.front()->size(); ++shape) {
      weights.push_back(what((*pipelines.front())[shape]));
      for (const PipelineTimes* times : pipelines) weights.back() = std::min(weights.back(), what((*times)[shape]));
    }
    return weights;
  }

  // The weights of the window's requests, but for the heaviest ones, `late` of each pipeline.
  double done(const Weights& weights, std::size_t late) const {
    double sum = 0, heaviest = 0;
    for (const std::size_t shape : window_) sum += weights[shape], heaviest = std::max(heaviest, weights[shape]);
    return std::max(0.0, sum - heaviest * static_cast<double>(late * pipelines_.size()));
  }

  const Pipelines& pipelines_;
  std::vector<std::size_t> window_;
  std::size_t denoising_, waiting_;  // of a pipeline's requests in the window: not denoised, not decoded at its end
};

// Each with its own window; rates add up.
Nanos period_apart(const Pipelines& pipelines) {
  double rate = 0;
  for (const PipelineTimes* times : pipelines)
    rate += 1 / static_cast<double>(period_bound(times->front(), kLeastWindow).count());
  return Nanos{static_cast<std::int64_t>(1 / rate * (1 - 1e-9))};
}

}  // namespace

Nanos throughput_bound(const Pipelines& pipelines, const Demand& demand) {
  const PipelineTimes& first = *pipelines.front();
  const bool shared = first.front().denoise_work() > Nanos{0};
  if (pipelines.size() == 1) {
    const Nanos alone = period_of_one(first, demand);
    return shared ? std::max(alone, Together(pipelines, demand).period()) : alone;
  }
  return shared || first.size() > 1 ? Together(pipelines, demand).period() : period_apart(pipelines);
}

}  // namespace pipedit::planner
