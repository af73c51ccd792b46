#pragma once

#include <vector>

#include <sched.h>
#include <sys/types.h>

namespace pipedit::executor {

// The CPU that each slot of a device stands for. Where slots are all the CPUs that this process may use, two threads
// that have one must not meet on a CPU while another idles: a scheduler that moves threads only now and then lets them,
// and both their tasks then take twice as long. Where there are more CPUs than slots, it finds an idle one by itself.
class SlotCpus {
 public:
  // Of device number `device` of `devices`, which have so many slots each.
  SlotCpus(int slots, int device, int devices);

  int slots() const { return slots_; }
  int slot_here() const;                    // the slot of the CPU that the calling thread is on; -1: none
  void bind(pid_t thread, int slot) const;  // the thread runs on the slot's CPU, from its next wake-up at the latest
  void release(pid_t thread) const;         // and again anywhere

 private:
  int slots_;
  cpu_set_t all_;
  std::vector<int> cpus_;  // by slot; empty: threads stay free
};

}  // namespace pipedit::executor
