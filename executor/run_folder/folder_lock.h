#pragma once

#include <filesystem>

namespace pipedit::executor {

// A run's folder belongs to one process at a time; the kernel lets go of it however that ends.
class FolderLock {
 public:
  // Throws InputError, naming the folder, where another run has it or it cannot be opened.
  explicit FolderLock(const std::filesystem::path&);
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock();

 private:
  int file_;
};

}  // namespace pipedit::executor
