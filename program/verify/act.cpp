#include "program/verify/act.h"

#include <fmt/format.h>

namespace pipedit::program {

Reading reading_of(const Segment& segment, const Task& member) {
  if (member.lane == Lane::hand) return Reading::in_turn;
  return reading_of(segment.exchanges[index(std::get<ExchangeShape>(member.shape).exchange)].transport);
}

std::string name_of_act(const Log& log, const Act& act) {
  std::string name = name_in(log, act.unit, act.call, act.task);
  if (act.part < 0) return name;
  const Segment& segment = *log[static_cast<std::size_t>(act.unit)].calls[static_cast<std::size_t>(act.call)].segment;
  const ExchangeId exchange = std::get<ExchangeShape>(segment.tasks[index(act.task)].shape).exchange;
  const Part& part = segment.exchanges[index(exchange)].parts[static_cast<std::size_t>(act.part)];
  return name + fmt::format(" (part to rank {})", index(part.to));
}

}  // namespace pipedit::program
