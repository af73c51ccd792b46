#pragma once

#include <vector>

#include "program/program.h"

// Whether a program has a race, by what the words of program.h say and nothing cleverer: every pair of accesses to
// common bytes is looked up in the full relation of what comes before what. Shares no code with the verifier but the
// unroller.
namespace pipedit::tests {

// Over logs of the first three requests, all of shape 0, each of two steps, every pair of alternatives; two blocks a
// call.
bool has_race(const program::Program&);

}  // namespace pipedit::tests
