#include "planner/job_bound.h"

#include <algorithm>

#include "planner/throughput_bound.h"

namespace pipedit::planner {

namespace {

using Pipelines = std::vector<const PipelineTimes*>;

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

// Time that a request takes away from others on its pipeline: its groups work side by side.
Nanos share(const RequestTimes& times) {
  return times.colocated ? turn_bound(times) : std::max(turn_bound(times), times.decode);
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

Nanos work_of(const RequestTimes& times) { return times.denoise_work() + times.decode_work; }
Nanos latency_of(const RequestTimes& times) { return batch_bound(times, 1); }

// Where all requests are there from the start, idle pipelines draw one each in their order, the slow ones too.
Nanos first_requests(const Pipelines& pipelines, const Demand& demand) {
  Nanos bound{0};
  if (std::ranges::any_of(demand.last_arrivals, [](Nanos time) { return time > Nanos{0}; })) return bound;
  for (std::size_t i = 0; i < std::min(pipelines.size(), demand.order.size()); ++i)
    bound = std::max(bound, latency_of((*pipelines[i])[demand.order[i]]));
  return bound;
}

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
  bound = std::max(bound, first_requests(pipelines, demand));
  return std::max(bound, work);
}

}  // namespace

Demand demand_of(const Workload& workload) {
  Demand demand{std::vector<std::int64_t>(workload.shapes.size()), std::vector<Nanos>(workload.shapes.size()), {}};
  for (const Request& request : workload.requests) {
    const auto shape = static_cast<std::size_t>(request.shape);
    ++demand.counts[shape];
    demand.order.push_back(shape);
    demand.last_arrivals[shape] = request.arrival;
  }
  return demand;
}

Nanos job_bound(Objective objective, const Pipelines& pipelines, const Demand& demand) {
  if (objective == Objective::throughput) return throughput_bound(pipelines, demand);
  return makespan_bound(pipelines, demand);
}

}  // namespace pipedit::planner
