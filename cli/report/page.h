#pragma once

#include <string>

#include "core/compare.h"

namespace pipedit::cli::report {

// One HTML page that needs nothing else: what was predicted and measured in words, by kind of task, and drawn over each
// other.
std::string html_page(const Timeline& predicted, const Timeline& measured, const Comparison&);

// The whole run alone, each rank's prediction above what was measured, as SVG.
std::string picture(const Timeline& predicted, const Timeline& measured);

}  // namespace pipedit::cli::report
