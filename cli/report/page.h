#pragma once

#include <string>

#include "core/compare.h"

namespace pipedit::cli::report {

// One HTML page that needs nothing else: what was predicted and measured in words, by kind of task, and drawn over each
// other.
std::string html_page(const Timeline& predicted, const Timeline& measured, const Comparison&);

}  // namespace pipedit::cli::report
