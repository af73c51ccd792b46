#pragma once

#include <string>
#include <vector>

#include "cli/report/chart.h"
#include "core/timeline.h"

namespace pipedit::cli::report {

struct Chart {
  std::vector<Strip> strips;
  Nanos span{0};  // the longer of the two
  Key colours;
  std::size_t bars = 0;  // of the predicted part
};

// Every task of one denoising step of the first request, a strip a rank and lane; empty where a timeline lacks that
// step.
Chart chart_of_step(const Timeline& predicted, const Timeline& measured, int step);

// Every unit (a step, a hand-over, a decode), a strip a rank: from its first task there to its last.
Chart chart_of_run(const Timeline& predicted, const Timeline& measured);

// The step to show: the one in the middle of the first request, 0 where nothing is denoised.
int middle_step(const Timeline&);

}  // namespace pipedit::cli::report
