#pragma once

#include <vector>

#include "core/profile.h"
#include "executor/backend.h"
#include "executor/job.h"
#include "profiler/stretch.h"

// What tasks lose by what else their device does at the same time.
namespace pipedit::profiler {

// Each kind of task of the stretch, timed alone and beside copies of this transport that never cease, both ways between
// its rank and one of the stretch's other device: how many times as long it takes, the median of its points, at
// least 1. The first work, of so long a time, is not counted, see Options::settled.
std::vector<Contention> contention_of(const Stretch&, Transport, executor::Backend&, const executor::Job&,
                                      Nanos settled = Nanos{0});

// Time of two ranks side by side on one device over twice the time of one, between 1 and 2: what is beyond was
// disturbed by something else.
double sharing_loss(Nanos one_rank, Nanos two_ranks);

// That of the stretch, after so much work that is not counted. Where one rank leaves pauses, the other fills them.
double sharing_loss_of(const Stretch&, executor::Backend&, const executor::Job&, Nanos settled = Nanos{0});

}  // namespace pipedit::profiler
