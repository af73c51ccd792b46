#pragma once

#include <map>
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

// What colours mean.
using Key = std::map<std::string, int>;

// A picture of its own that a page may also hold. `span` is the time that `width` pixels show; a key stands on top.
// Bars of one colour that no eye could tell apart are drawn as one.
std::string svg(const std::vector<Strip>& strips, Nanos span, int width, const Key& key = {});

}  // namespace pipedit::cli::report
