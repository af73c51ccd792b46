#pragma once

#include <span>
#include <vector>

#include "profiler/stretch.h"

// Few stretches that hold the points of many programs.
namespace pipedit::profiler {

// Which points are to be held: all, or of those that are near each other (a hundredth of their sizes apart, or a fifth
// where bytes are only moved) one, from which the others follow. For eight GPUs that halves the stretches.
enum class Spacing { every, apart };

// Stretches of the programs that together hold the points of theirs; each is the one that adds most to those before it,
// wants what it adds and keeps the calls for that (where all are to be held: wants and keeps all), and none adds
// nothing. Those of the first so many programs come before all others (profiler.h, TimesOf). The programs outlive them.
std::vector<Stretch> stretches_of(std::span<const program::Program>, Exchanges = Exchanges::all,
                                  Begin = Begin::before_steps, Spacing = Spacing::every, std::size_t first = 0);

// The same of these, with all their calls; the first so many of them come before all others.
std::vector<Stretch> that_add_points(std::vector<Stretch>, Spacing = Spacing::every, std::size_t first = 0);

}  // namespace pipedit::profiler
