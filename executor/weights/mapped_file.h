#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

namespace pipedit::executor {

// A file's bytes in memory, read-only, for as long as one of its copies lives. The file must not shrink meanwhile.
class MappedFile {
 public:
  // Throws InputError naming the path where it is no file that can be read.
  explicit MappedFile(const std::filesystem::path&);

  std::span<const std::byte> bytes() const { return *bytes_; }
  // Keeps the mapping alive.
  std::shared_ptr<const void> owner() const { return bytes_; }

 private:
  std::shared_ptr<const std::span<const std::byte>> bytes_;
};

}  // namespace pipedit::executor
