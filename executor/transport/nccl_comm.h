#pragma once

#include <atomic>
#include <mutex>
#include <source_location>
#include <vector>

#include <nccl.h>

namespace pipedit::executor {

// Throws Error naming the failure and the call's place.
void check(ncclResult_t, std::source_location = std::source_location::current());

// What is called inside begins together when the group ends; it ends also where a call throws.
class NcclGroup {
 public:
  NcclGroup() { check(ncclGroupStart()); }
  ~NcclGroup() {
    if (open_) ncclGroupEnd();
  }
  NcclGroup(const NcclGroup&) = delete;
  NcclGroup& operator=(const NcclGroup&) = delete;
  void end() {
    open_ = false;
    check(ncclGroupEnd());
  }

 private:
  bool open_ = true;
};

// One rank's membership. It is closed when a run went well; the destructor aborts, because a peer may already be gone.
//
// Its calls block: one that does not starts a thread for each exchange, 200 us on two H100s. None of them waits for a
// peer all the same: all members are made by one thread, in one group, and are connected before a run begins
// (NcclWorld), so that an exchange's call launches a kernel and returns.
class NcclComm {
 public:
  explicit NcclComm(int device) : device_(device) {}
  ~NcclComm() { abort(); }
  NcclComm(const NcclComm&) = delete;
  NcclComm& operator=(const NcclComm&) = delete;

  void begin(int rank, int ranks, const ncclUniqueId&);  // inside of a group
  void check_state();                                    // throws Error where what was launched failed
  void begin_close();                                    // collective, inside of a group
  void close();                                          // after it
  void abort() noexcept;                                 // from any thread, once

  // Calls with the communicator, not while another thread aborts it. Throws Stopped where that has happened.
  template <class Call>
  void with(Call call) {
    const std::lock_guard lock(mutex_);
    stop_if_aborted();
    call(comm_);
  }

 private:
  void stop_if_aborted() const;

  int device_;
  std::timed_mutex mutex_;
  std::atomic<ncclComm_t> comm_ = nullptr;
  std::atomic<bool> aborted_ = false;
};

}  // namespace pipedit::executor
