#include "executor/stall.h"

#include <algorithm>

#include <fmt/format.h>

#include "executor/unit_run.h"

namespace pipedit::executor {

namespace {

bool contains(const std::vector<Event>& events, Event event) {
  return std::find(events.begin(), events.end(), event) != events.end();
}

bool will_come(const Stuck& stuck, Event event) {
  return std::any_of(stuck.items.begin(), stuck.items.end(),
                     [&](const Item* item) { return contains(item->marks, event) || contains(item->promises, event); });
}

std::string name_of(const Item& item) {
  if (item.call >= 0) return item.unit->name(item.call, item.task);
  return fmt::format("the barrier of request {} / step {}", index(item.unit->instance().bindings.request),
                     item.unit->instance().bindings.step);
}

std::string sentence(const Item& item, Event event, const char* which) {
  return fmt::format("nothing can go on: {} waits for {}, which {}", name_of(item), item.unit->describe(event), which);
}

}  // namespace

std::string describe_stall(const Stuck& stuck) {
  for (const Item* head : stuck.heads)
    for (const Event event : head->waits)
      if (!will_come(stuck, event)) return sentence(*head, event, "never comes");
  for (const Item* head : stuck.heads)
    for (const Event event : head->waits) return sentence(*head, event, "waits in a circle");
  return "nothing can go on: every host waits for another";
}

}  // namespace pipedit::executor
