#pragma once

#include <string>
#include <vector>

#include "bench/floors/rates.h"
#include "core/timeline.h"
#include "program/program.h"

// The least time that a task can take at rates that the GPU reaches, and how far a run is from it.
namespace pipedit::bench {

// The longer of arithmetic and memory traffic: products at the best product, attention at the best attention, bytes
// (each input once, each output once) at the rate of a copy. A tile of the decoder: its convolutions alone, with
// the products that the model writes them with, at the best convolution.
Nanos floor_of(const models::VaeConfig&, const program::Program&, const program::Task&, const Rates&);

struct KindSum {
  std::string kind;  // with the stream where a block has two: "gemm video"
  int tasks = 0;
  Nanos time{0}, floor{0};
};

// One unit of a run, from the start of its first task to the end of its last, on the lane that computes.
struct UnitReport {
  std::string unit;            // "step", "decode"
  std::vector<KindSum> kinds;  // longest first
  Nanos time{0};               // also what lies between tasks
  Nanos floor{0};
  Nanos traffic{0};   // of a decode: its activations in and out of every convolution and norm, at the rate of a copy
  double target = 0;  // of time over floor; 0: none
  double ratio() const { return static_cast<double>(time.count()) / static_cast<double>(floor.count()); }
};

// Of the last unit of that name in a run of the program with one rank. Throws Error where there is none.
UnitReport unit_report(const models::VaeConfig&, const program::Program&, const Timeline&, const std::string& unit,
                       const Rates&);

}  // namespace pipedit::bench
