#pragma once

#include <optional>
#include <string_view>

#include "core/timeline.h"
#include "core/workload.h"
#include "program/program.h"

namespace pipedit::planner {

// latency: time of one request alone, the workload's first; makespan: time until the workload is done; throughput:
// nanoseconds a request while there are always more requests than pipelines.
enum class Objective { latency, makespan, throughput };
std::string_view name_of(Objective);
std::optional<Objective> find_objective(std::string_view name);

// The requests that are simulated to answer. Throughput: those of the workload over and over, all there from the
// start, so many for each of `pipelines`: kStream, twice that where requests are of several shapes.
inline constexpr int kStream = 10;
constexpr int stream_for(std::size_t shapes) { return shapes > 1 ? 2 * kStream : kStream; }
Workload asked_of(Objective, const Workload&, int pipelines);

// The objective's value of a simulated timeline of that workload. Throughput: each pipeline's time a request is the
// mean distance of the starts of the later half of the requests that it drew, or of their decodings where that is
// longer (draws alone look fast while latents pile up); rates of pipelines add up. Pipelines that all share one device
// hold each other up, and of unequal requests each gets others: there the starts of all are taken together. Nothing
// where a pipeline by itself drew fewer than kLeastDrawn: the workload was too short.
inline constexpr std::size_t kLeastDrawn = 8;
std::optional<Nanos> value_of(Objective, const program::Program&, const Timeline&);

}  // namespace pipedit::planner
