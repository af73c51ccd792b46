#pragma once

#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <string>

#include "core/error.h"

namespace pipedit::executor {

// The first error of a run: later ones are its consequences. Any thread may report.
class Failure {
 public:
  void report(Error);
  bool happened() const { return happened_.load(); }
  void rethrow() const;  // nothing where there was none

 private:
  mutable std::mutex mutex_;
  std::atomic<bool> happened_ = false;
  std::optional<Error> first_;
};

// The exception being handled as our kind, in one line, whatever library threw it. To be called in a catch block.
Error current_error();
// The same, with what was being done put in front.
Error current_error(const std::string& context);

}  // namespace pipedit::executor
