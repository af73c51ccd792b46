#include "planner/job_bound.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace pipedit::planner {

namespace {

using Pipelines = std::vector<const PipelineTimes*>;

constexpr int kLatentSlots = 2;  // Pipeline::latent_slots

// With Aco: denoising ranks need `plain` if no step is lent, and gain `step - lent_step` with each that is; the
// decoding group needs `decoding`, and lent_step for each. Both go on at once, so the least time is where the lines
// cross, or at an end.
Nanos balanced(const RequestTimes& times, std::int64_t steps, Nanos plain, Nanos decoding) {
  const Nanos gain = times.step - times.lent_step;
  if (gain <= Nanos{0}) return std::max(plain, decoding);
  const double lent = static_cast<double>((plain - decoding).count()) / static_cast<double>(times.step.count());
  if (lent <= 0) return std::max(plain, decoding);
  const double most = std::min(lent, static_cast<double>(steps));
  return plain - Nanos{static_cast<std::int64_t>(std::ceil(most * static_cast<double>(gain.count())))};
}

Nanos least_over_shapes(const PipelineTimes& times, Nanos (*bound)(const RequestTimes&)) {
  Nanos least = Nanos::max();
  for (const RequestTimes& shape : times) least = std::min(least, bound(shape));
  return least;
}

}  // namespace

// Co-located: units stand behind each other between barriers. Two groups: the denoising ranks hand over one latent
// before they begin the next request (or begin it while other ranks hand over), the last is decoded behind it; and the
// decoding group decodes all, none before the first is denoised.
Nanos batch_bound(const RequestTimes& times, std::int64_t count) {
  if (count == 0) return Nanos{0};
  const Nanos device = (times.denoise() + times.hand + times.decode) * count + times.tail;
  if (times.colocated) return std::max(device, times.host * count);
  const std::int64_t steps = count * times.steps;
  const Nanos denoise = times.begin + std::max(times.begin, times.hand) * (count - 1) + times.step * steps +
                        times.hand + times.decode + times.tail;
  const Nanos decode = times.begin + times.decode * count + times.tail;
  const Nanos least = times.denoise() + times.hand + times.decode * count + times.tail;
  const Nanos host = times.host * count + times.decode + times.tail;
  return std::max({balanced(times, steps, denoise, decode), least, host});
}

// Over L starts (L at least kStream / 2 - 1) the decoding group is at most kLatentSlots decodings behind.
Nanos period_bound(const RequestTimes& times) {
  if (times.colocated) return std::max(times.host, times.denoise() + times.hand + times.decode);
  constexpr int kWindow = kStream / 2 - 1;
  const Nanos denoise = std::max(times.begin, times.hand) + times.step * times.steps;
  const Nanos decode = times.decode * (kWindow - kLatentSlots) / kWindow;
  return std::max(times.host, balanced(times, times.steps, denoise, decode));
}

namespace {

// Equal requests: the least time in which the pipelines together get through them.
Nanos uniform_makespan(const Pipelines& pipelines, std::size_t shape, std::int64_t count) {
  if (pipelines.size() == 1) return batch_bound((*pipelines.front())[shape], count);
  const auto enough = [&](Nanos time) {
    std::int64_t done = 0;
    for (const PipelineTimes* times : pipelines) {
      std::int64_t low = 0, high = count;
      while (low < high) {
        const std::int64_t middle = (low + high + 1) / 2;
        if (batch_bound((*times)[shape], middle) <= time)
          low = middle;
        else
          high = middle - 1;
      }
      done += low;
    }
    return done >= count;
  };
  Nanos low{0}, high = batch_bound((*pipelines.front())[shape], count);
  while (low < high) {
    const Nanos middle = low + (high - low) / 2;
    if (enough(middle))
      high = middle;
    else
      low = middle + Nanos{1};
  }
  return low;
}

// Time that a request takes away from others on its pipeline.
Nanos share(const RequestTimes& times) {
  const Nanos denoise = std::max(times.host, std::min(times.step, times.lent_step) * times.steps);
  return times.colocated ? std::max(times.host, times.denoise() + times.hand + times.decode)
                         : std::max(denoise, times.decode);
}

// Requests of several shapes. With weights u by shape and shares w by pipeline and shape: the sum of u over all
// requests is at most the time times the sum over pipelines of the largest u / w. u: the first pipeline's shares.
Nanos mixed_makespan(const Pipelines& pipelines, const std::vector<std::int64_t>& counts) {
  double work = 0, speed = 0;
  for (std::size_t shape = 0; shape < counts.size(); ++shape)
    work += static_cast<double>(share((*pipelines.front())[shape]).count()) * static_cast<double>(counts[shape]);
  for (const PipelineTimes* times : pipelines) {
    double fastest = 0;
    for (std::size_t shape = 0; shape < counts.size(); ++shape)
      if (counts[shape] > 0)
        fastest = std::max(fastest, static_cast<double>(share((*pipelines.front())[shape]).count()) /
                                        static_cast<double>(share((*times)[shape]).count()));
    speed += fastest;
  }
  return Nanos{static_cast<std::int64_t>(work / speed * (1 - 1e-9))};
}

Nanos least(const Pipelines& pipelines, std::size_t shape, Nanos (*bound)(const RequestTimes&)) {
  Nanos time = Nanos::max();
  for (const PipelineTimes* times : pipelines) time = std::min(time, bound((*times)[shape]));
  return time;
}

Nanos work_of(const RequestTimes& times) { return times.other_work + times.step_work * times.steps; }
Nanos latency_of(const RequestTimes& times) { return batch_bound(times, 1); }

Nanos makespan_bound(const Pipelines& pipelines, const Demand& demand) {
  Nanos bound{0}, work{0};
  for (std::size_t shape = 0; shape < demand.counts.size(); ++shape) {
    const std::int64_t count = demand.counts[shape];
    if (count == 0) continue;
    work += least(pipelines, shape, work_of) * count;
    bound = std::max({bound, uniform_makespan(pipelines, shape, count),
                      demand.last_arrivals[shape] + least(pipelines, shape, latency_of)});
  }
  if (demand.counts.size() > 1) bound = std::max(bound, mixed_makespan(pipelines, demand.counts));
  return std::max(bound, work);
}

Nanos throughput_bound(const Pipelines& pipelines) {
  double rate = 0;
  for (const PipelineTimes* times : pipelines)
    rate += 1 / static_cast<double>(least_over_shapes(*times, period_bound).count());
  return Nanos{static_cast<std::int64_t>(1 / rate * (1 - 1e-9))};
}

}  // namespace

Demand demand_of(const Workload& workload) {
  Demand demand{std::vector<std::int64_t>(workload.shapes.size()), std::vector<Nanos>(workload.shapes.size())};
  for (const Request& request : workload.requests) {
    const auto shape = static_cast<std::size_t>(request.shape);
    ++demand.counts[shape];
    demand.last_arrivals[shape] = request.arrival;
  }
  return demand;
}

Nanos job_bound(Objective objective, const Pipelines& pipelines, const Demand& demand) {
  if (objective == Objective::throughput) return throughput_bound(pipelines);
  return makespan_bound(pipelines, demand);
}

}  // namespace pipedit::planner
