#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

#include "executor/backend.h"
#include "executor/backends/cuda/cuda_lane.h"

namespace pipedit::executor {

// The writer lane of a rank: what stands on it is the host's own work (frames to a file), so a thread runs it when the
// devices have got to what it waits for. Its marks are set when the work is done.
class WriterThread {
 public:
  // `changed` is called, on the thread, after each entry, and when one has failed.
  WriterThread(const Session&, CudaLane, std::function<void()> changed);
  ~WriterThread();  // ends it, after the entry at work; what stands behind is dropped
  WriterThread(const WriterThread&) = delete;
  WriterThread& operator=(const WriterThread&) = delete;

  void push(Item);
  bool empty() const;
  void rethrow() const;      // what an entry threw
  const Item* head() const;  // that waits for an event which nobody has recorded; null: there is none

 private:
  void loop();
  bool wait_for(const Item&, std::unique_lock<std::mutex>&);
  void run(const Item&);

  const Session* session_;
  CudaLane lane_;
  std::function<void()> changed_;
  mutable std::mutex mutex_;
  std::condition_variable signal_;
  std::deque<Item> items_;
  std::exception_ptr failure_;
  bool ending_ = false;
  std::jthread thread_;
};

}  // namespace pipedit::executor
