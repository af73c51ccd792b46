#include "executor/weights/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/error.h"

namespace pipedit::executor {

namespace {

class Descriptor {
 public:
  explicit Descriptor(const std::filesystem::path& path) : value_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  int get() const { return value_; }

 private:
  int value_;
};

[[noreturn]] void fail(const std::filesystem::path& path, const char* reason) {
  throw InputError(path.string() + ": " + reason);
}

std::size_t size_of(const Descriptor& file, const std::filesystem::path& path) {
  struct stat status {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) fail(path, std::strerror(errno));
  if (!S_ISREG(status.st_mode)) fail(path, "not a regular file");
  return static_cast<std::size_t>(status.st_size);
}

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& path) {
  const Descriptor file(path);
  const std::size_t size = size_of(file, path);
  const std::byte* data = nullptr;
  if (size > 0) {  // an empty mapping is an error to mmap
    void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
    if (address == MAP_FAILED) fail(path, std::strerror(errno));
    data = static_cast<const std::byte*>(address);
  }
  const auto unmap = [](const std::span<const std::byte>* bytes) {
    if (!bytes->empty()) ::munmap(const_cast<std::byte*>(bytes->data()), bytes->size());
    delete bytes;
  };
  bytes_ = {new std::span<const std::byte>(data, size), unmap};
}

}  // namespace pipedit::executor
