#pragma once

#include <vector>

#include "core/units.h"

namespace pipedit::profiler {

struct Quartiles {
  Nanos low{0}, median{0}, high{0};
};

// Of at least one sample.
Quartiles quartiles(std::vector<Nanos> samples);

// Without those that something else disturbed: more than three times the quartiles' distance above the upper one, at
// most a fifth of all. Sorted.
std::vector<Nanos> undisturbed(std::vector<Nanos> samples);

// Half the width of the median's 95 % confidence interval over the median, for samples that are roughly normal in their
// middle: 1.57 * (high - low) / sqrt(n), the notch of a box plot (McGill, Tukey, Larsen 1978).
double median_error(const Quartiles&, std::size_t count);

}  // namespace pipedit::profiler
