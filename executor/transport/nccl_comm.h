#pragma once

#include <mutex>
#include <source_location>
#include <vector>

#include <nccl.h>

namespace pipedit::executor {

// One rank's membership, without blocking calls: each returns at once, and settle() waits for what it began. It is
// closed when a run went well; the destructor aborts, because a peer may already be gone.
class NcclComm {
 public:
  explicit NcclComm(int device) : device_(device) {}
  ~NcclComm() { abort(); }
  NcclComm(const NcclComm&) = delete;
  NcclComm& operator=(const NcclComm&) = delete;

  void begin(int rank, int ranks, const ncclUniqueId&);  // inside of a group
  // Until what was begun is under way. Throws Stopped where the communicator has been aborted meanwhile, Error where it
  // failed.
  void settle();
  void begin_close();     // collective: settle() comes when all members have begun
  void close();           // after it
  void abort() noexcept;  // from any thread

  int device() const { return device_; }

  // Calls with the communicator, not while another thread aborts it.
  template <class Call>
  void with(Call call) {
    const std::lock_guard lock(mutex_);
    stop_if_aborted();
    call(comm_);
  }

 private:
  void stop_if_aborted() const;
  ncclResult_t state();

  int device_;
  std::mutex mutex_;
  ncclComm_t comm_ = nullptr;
  bool aborted_ = false;
};

// Throws Error naming the failure and the call's place; a call that goes on in the background has not failed.
void check(ncclResult_t, std::source_location = std::source_location::current());

}  // namespace pipedit::executor
