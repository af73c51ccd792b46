#include "planner/pipeline_bound.h"

#include <algorithm>
#include <cmath>

namespace pipedit::planner {

namespace {

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

}  // namespace

// Co-located: units stand behind each other between barriers. Two groups: the denoising ranks draw the next request
// when all of them have handed over their share of the latent, the last is decoded behind it; and the decoding group
// decodes all, none before the first is denoised. A turn ends when the next request may be drawn, so turns add up too.
Nanos batch_bound(const RequestTimes& times, std::int64_t count) {
  if (count == 0) return Nanos{0};
  const Nanos device = (times.denoise() + times.hand + times.decode) * count + times.tail;
  if (times.colocated) return std::max(device, times.turn * count + times.turn_tail);
  const std::int64_t steps = count * times.steps;
  const Nanos denoise = (times.begin + times.hand) * count + times.step * steps + times.decode + times.tail;
  const Nanos decode = times.begin + times.decode * count + times.tail;
  const Nanos least = times.denoise() + times.hand + times.decode * count + times.tail;
  const Nanos turns = times.turn * count + times.decode + times.tail;
  return std::max({balanced(times, steps, denoise, decode), least, turns});
}

Nanos turn_bound(const RequestTimes& times) {
  const Nanos units = times.denoise() + times.hand;
  return std::max(times.turn, times.colocated ? units + times.decode : units);
}

// Draws are a turn apart, and starts of decodings a decoding. Between the ends of a window of draws the decoding group
// gets through all its latents but kLatentSlots, and through the steps that are lent.
Nanos period_bound(const RequestTimes& times, int window) {
  if (times.colocated) return turn_bound(times);
  const Nanos denoise = times.begin + times.hand + times.step * times.steps;
  const Nanos decode = times.decode * std::max(0, window - kLatentSlots) / window;
  return std::max({turn_bound(times), times.decode, balanced(times, times.steps, denoise, decode)});
}

}  // namespace pipedit::planner
