#include "program/show/scripts.h"

#include <fmt/format.h>

#include "program/show/text.h"

namespace pipedit::program {

namespace {

constexpr std::string_view kKinds[] = {"begin", "step", "gather", "hand", "decode"};

std::string calls_text(const Program& program, const Alternative& alternative) {
  std::string text;
  for (const Call& call : alternative.calls) {
    text += fmt::format("{}{}", text.empty() ? "" : ", ", name_text(program, call.segment));
    if (call.blocks > 0) text += fmt::format(" x {}", call.blocks);
  }
  return text.empty() ? "nothing" : text;
}

std::string unit_text(const Program& program, const Unit& unit) {
  std::string head = fmt::format("    {}", kKinds[static_cast<std::size_t>(unit.kind)]);
  if (unit.repeat > 1) head += fmt::format(" x {}", unit.repeat);
  if (unit.hand_to) head += fmt::format(" to {}", program.actors[index(*unit.hand_to)].name);
  std::string text;
  for (std::size_t i = 0; i < unit.alternatives.size(); ++i) {
    const Alternative& alternative = unit.alternatives[i];
    text += head;
    if (i > 0) {
      text += ", or";
      if (unit.helpers) text += fmt::format(" while {} is idle", program.actors[index(*unit.helpers)].name);
      text += fmt::format(" with {}", ranks_text(alternative.lent));
    }
    text += fmt::format(": {}\n", calls_text(program, alternative));
  }
  return text;
}

}  // namespace

std::string show_scripts(const Program& program) {
  std::string text;
  for (const Actor& actor : program.actors) {
    text +=
        fmt::format("actor {} on {}, draws from {}", actor.name, ranks_text(actor.ranks),
                    actor.source == Source::queue ? "the queue" : fmt::format("{} latent slots", actor.latent_slots));
    text += '\n';
    for (std::size_t shape = 0; shape < actor.scripts.size(); ++shape) {
      text += fmt::format("  request shape {}\n", shape);
      for (const Unit& unit : actor.scripts[shape]) text += unit_text(program, unit);
    }
  }
  return text + '\n';
}

}  // namespace pipedit::program
