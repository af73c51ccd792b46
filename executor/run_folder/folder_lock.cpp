#include "executor/run_folder/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "core/error.h"

namespace pipedit::executor {

FolderLock::FolderLock(const std::filesystem::path& folder)
    : file_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (file_ < 0) throw InputError(fmt::format("{}: {}", folder.string(), std::strerror(errno)));
  if (::flock(file_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;  // some file systems have no locks
  ::close(file_);
  throw InputError(fmt::format("{}: another run is at work there", folder.string()));
}

FolderLock::~FolderLock() { ::close(file_); }

}  // namespace pipedit::executor
