#pragma once

#include <sys/resource.h>

#include <csignal>

namespace pipedit::executor::test {

// While it lives, this process and those that it starts cannot write files beyond a size: a disk that is full.
class SmallFiles {
 public:
  explicit SmallFiles(rlim_t size) : ignored_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit small = before_;
    small.rlim_cur = size;
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  SmallFiles(const SmallFiles&) = delete;
  SmallFiles& operator=(const SmallFiles&) = delete;
  ~SmallFiles() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, ignored_);
  }

 private:
  rlimit before_{};
  void (*ignored_)(int);
};

}  // namespace pipedit::executor::test
