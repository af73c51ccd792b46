#pragma once

#include <atomic>
#include <span>
#include <string>
#include <vector>

#include <sys/types.h>

namespace pipedit::executor {

// A command that is fed through its standard input; what it says on its standard error is kept for error messages.
// A child that ends early is an error of write() or finish(), never a signal.
class ChildProcess {
 public:
  // args[0] is looked up on the path. Throws InputError where it cannot be started. Once `stop` is set nobody waits for
  // it any more: it is killed, and write() and finish() throw Error.
  explicit ChildProcess(const std::vector<std::string>& args, const std::atomic<bool>* stop = nullptr);
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess();  // kills it where finish() was not called

  // Throws Error, with what the child said or which signal killed it, when it takes no more.
  void write(std::span<const std::byte> bytes);

  // Ends its input and waits for it. Throws Error unless it succeeded.
  void finish();

  pid_t pid() const { return pid_; }

 private:
  [[noreturn]] void fail();
  bool stopped() const { return stop_ != nullptr && *stop_; }
  void wait_for_room();
  std::string reason(int status) const;
  std::string said() const;
  int wait();

  const std::atomic<bool>* stop_;
  std::string name_;
  pid_t pid_ = -1;
  int input_ = -1, errors_ = -1;
};

}  // namespace pipedit::executor
