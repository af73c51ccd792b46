#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/timeline.h"
#include "core/units.h"

namespace pipedit {

struct KindError {
  std::string kind;
  std::int64_t count = 0;           // joined task instances
  Nanos predicted{0}, measured{0};  // sums over them
  double median_error = 0;          // of predicted / measured - 1
  friend bool operator==(const KindError&, const KindError&) = default;
};

struct Comparison {
  Nanos predicted{0}, measured{0};                     // makespans
  double end_to_end_error = 0;                         // predicted / measured - 1
  std::vector<KindError> by_kind;                      // by name
  std::int64_t only_predicted = 0, only_measured = 0;  // instances without a partner (where decisions differ)
  std::vector<Decision> decisions_that_differ;         // as measured
  friend bool operator==(const Comparison&, const Comparison&) = default;
};

// Joins on (actor, ordinal of the request within it, unit, step, segment, block, task); several of one key pair up in
// the order of the log. Steps whose decisions differ are joined all the same, by what both have. What took no measured
// time, or was predicted to take none (a copy that another rank makes), counts in the sums, not in the median. Throws
// InputError when the two are not of the same program (other actors or segments).
Comparison compare(const Timeline& predicted, const Timeline& measured);

}  // namespace pipedit
