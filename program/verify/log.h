#pragma once

#include <string>
#include <vector>

#include "program/script.h"

// The logs that the verifier looks at: those of an actor that draws from the queue and of the one it hands its latents
// to, in one sequence that the protocol of program.h allows.
namespace pipedit::program {

struct LoggedUnit {
  UnitInstance instance;
  std::vector<CallInstance> calls;
  std::vector<int> after;  // units of another actor that are complete before it starts: a latent's hand-over, its
                           // slot's last decoding
};
using Log = std::vector<LoggedUnit>;

// Which of the possible logs: the shapes of its requests, and the alternatives that its steps take in turn.
struct Choice {
  std::vector<int> shapes;
  int first = 0, second = 0;
};

// Every repeat and every run of blocks at most twice: a third does what the second did.
Program shortened(const Program&);

// For each shape three requests with every ordered pair of alternatives, for each ordered pair of different shapes both
// in turn.
std::vector<Choice> choices(const Program&, const Actor&);

// `program` is shortened and has the choice's shapes as its requests; the log points into it.
Log unroll(const Program& program, ActorId, const Choice&);

// "request 1 / step 0 / single block 1 / attention[1] @ rank 2"
std::string name_in(const Log&, int unit, int call, TaskId);

}  // namespace pipedit::program
