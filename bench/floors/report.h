#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "bench/floors/floor.h"

namespace pipedit::bench {

// Where figures come from.
struct Origin {
  std::string card, date, commit, command;
};

struct ShapeReport {
  RequestShape shape;
  UnitReport step, decode;
  Bytes temporaries, predicted;  // measured, and the program's workspace
};

std::string rates_text(const Rates&);
std::string shape_text(const ShapeReport&);

// Everything, for machines.
void write_report(const std::filesystem::path&, const Origin&, const Rates&, const std::vector<ShapeReport>&);

}  // namespace pipedit::bench
