#include "executor/backends/cpu/slot_cpus.h"

#include <algorithm>

namespace pipedit::executor {

SlotCpus::SlotCpus(int slots, int device, int devices) : slots_(slots), all_{} {
  if (::sched_getaffinity(0, sizeof all_, &all_) != 0 || CPU_COUNT(&all_) != slots * devices) return;
  int place = 0;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
    if (CPU_ISSET(cpu, &all_) && place++ / slots == device) cpus_.push_back(cpu);
}

int SlotCpus::slot_here() const {
  const auto found = std::find(cpus_.begin(), cpus_.end(), ::sched_getcpu());
  return found == cpus_.end() ? -1 : static_cast<int>(found - cpus_.begin());
}

// Where the system refuses, the thread runs where it would have.
void SlotCpus::bind(pid_t thread, int slot) const {
  if (cpus_.empty()) return;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(cpus_[static_cast<std::size_t>(slot)], &one);
  ::sched_setaffinity(thread, sizeof one, &one);
}

void SlotCpus::release(pid_t thread) const {
  if (!cpus_.empty()) ::sched_setaffinity(thread, sizeof all_, &all_);
}

}  // namespace pipedit::executor
