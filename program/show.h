#pragma once

#include <string>

#include "core/cluster.h"
#include "program/program.h"

namespace pipedit::program {

// A program as text for people: actors and their scripts, segments with their tasks by rank and lane (ranks that do the
// same stand together), exchanges with their bytes, buffers, peak memory, and what the verifier says. Lines end in a
// newline.
std::string show(const Program&, const Cluster&);

}  // namespace pipedit::program
