#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/ids.h"
#include "core/timeline.h"
#include "program/program.h"

// How a program unrolls: the one place that says in which order an actor's units come. Simulator, executor and verifier
// walk it.
namespace pipedit::program {

// What a call means by request, step, block and latent slot.
struct Bindings {
  RequestId request{};
  int step = -1;
  int block = -1;
  int latent_slot = 0;  // at the actor that decodes
  friend bool operator==(const Bindings&, const Bindings&) = default;
};

// One entry of an actor's log.
struct UnitInstance {
  ActorId actor{};
  const Unit* unit = nullptr;
  int alternative = 0;
  Bindings bindings;  // block is set call by call
  int ordinal = 0;    // of the request among those that the actor drew
  const Alternative& chosen() const { return unit->alternatives[static_cast<std::size_t>(alternative)]; }
};

struct CallInstance {
  const Segment* segment = nullptr;
  SegmentId id{};
  Bindings bindings;
};

// The unit's calls in order, blocks unrolled.
std::vector<CallInstance> calls_of(const Program&, const UnitInstance&);

// Walks one actor's script. The caller draws requests and takes decisions; the cursor says what comes next.
//   ScriptCursor cursor(program, actor);
//   cursor.begin(request, latent_slot);                 // after drawing a request
//   while (auto unit = cursor.next()) { ... }           // unit->alternative is 0; a caller that may lend sets it to 1
class ScriptCursor {
 public:
  ScriptCursor(const Program&, ActorId);
  void begin(RequestId, int latent_slot);
  std::optional<UnitInstance> next();  // nullopt: the request's script is done

 private:
  const Program* program_;
  ActorId actor_;
  const std::vector<Unit>* script_ = nullptr;
  RequestId request_{};
  int latent_slot_ = 0, ordinal_ = -1;
  std::size_t unit_ = 0;
  int repetition_ = 0;
};

// The copy of a buffer that a call means.
int copy_of(const Buffer&, const Bindings&);

// "request 3 / step 12 / single block 7 / attention[1] @ rank 2"
std::string task_name(const UnitInstance&, const CallInstance&, const Task&);

// Segments' names as timelines hold them.
std::vector<SegmentNames> segment_names(const Program&);

}  // namespace pipedit::program
