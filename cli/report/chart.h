#pragma once

#include <string>
#include <vector>

#include "core/units.h"

// Horizontal bars over time as SVG: for each strip what was predicted, and under it what was measured.
namespace pipedit::cli::report {

struct Bar {
  Nanos start{0}, end{0};
  int colour = 0;
  std::string title;  // shown by the browser when the pointer rests on it
};

struct Strip {
  std::string label;                     // "rank 2 send"
  std::vector<Bar> predicted, measured;  // by start
};

// Text in HTML and SVG.
std::string escaped(const std::string& text);

// A colour of the palette; they repeat after sixteen.
std::string colour(int index);

// `span` is the time that `width` pixels show. Bars of one colour that no eye could tell apart are drawn as one.
std::string svg(const std::vector<Strip>& strips, Nanos span, int width);

}  // namespace pipedit::cli::report
