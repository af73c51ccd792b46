#include "executor/video/child_process.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/error.h"

extern char** environ;

namespace pipedit::executor {

namespace {

constexpr std::size_t kMostSaid = 4096;

std::vector<char*> arguments(const std::vector<std::string>& args) {
  std::vector<char*> pointers;
  for (const std::string& arg : args) pointers.push_back(const_cast<char*>(arg.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

void close_if_open(int& file) {
  if (file >= 0) ::close(file);
  file = -1;
}

class FileActions {
 public:
  FileActions() { posix_spawn_file_actions_init(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  void duplicate(int from, int to) { posix_spawn_file_actions_adddup2(&actions_, from, to); }
  void discard(int file) { posix_spawn_file_actions_addopen(&actions_, file, "/dev/null", O_WRONLY, 0); }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

// A group of its own: Ctrl-C is for the run, which then ends its children.
class Attributes {
 public:
  Attributes() {
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP);
  }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  ~Attributes() { posix_spawnattr_destroy(&attributes_); }
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_;
};

}  // namespace

// Its input is a socket, because writing to one can be told not to raise a signal when nobody reads any more.
ChildProcess::ChildProcess(const std::vector<std::string>& args, const std::atomic<bool>* stop)
    : stop_(stop), name_(args.front()) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    throw Error(fmt::format("{}: no socket: {}", name_, std::strerror(errno)));
  input_ = ends[0];
  errors_ = ::memfd_create("errors", MFD_CLOEXEC);
  FileActions actions;
  actions.duplicate(ends[1], STDIN_FILENO);
  actions.discard(STDOUT_FILENO);
  actions.duplicate(errors_, STDERR_FILENO);
  const int code =
      ::posix_spawnp(&pid_, name_.c_str(), actions.get(), Attributes().get(), arguments(args).data(), environ);
  ::close(ends[1]);
  if (code == 0) return;
  pid_ = -1;
  close_if_open(input_);
  close_if_open(errors_);
  throw InputError(fmt::format("{}: cannot be started: {}", name_, std::strerror(code)));
}

ChildProcess::~ChildProcess() {
  if (pid_ > 0) {  // before it sees its input end, and takes that for the whole of it
    ::kill(pid_, SIGKILL);
    wait();
  }
  close_if_open(input_);
  close_if_open(errors_);
}

void ChildProcess::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    wait_for_room();
    const ssize_t sent = ::send(input_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0)
      bytes = bytes.subspan(static_cast<std::size_t>(sent));
    else if (errno != EINTR && errno != EAGAIN)
      fail();
  }
}

void ChildProcess::wait_for_room() {
  constexpr int kMilliseconds = 20;
  pollfd input{.fd = input_, .events = POLLOUT, .revents = 0};
  while (::poll(&input, 1, kMilliseconds) <= 0)
    if (stopped()) fail();
}

void ChildProcess::finish() {
  close_if_open(input_);
  if (const int status = wait(); status != 0) throw Error(reason(status));
}

void ChildProcess::fail() {
  close_if_open(input_);
  throw Error(reason(wait()));
}

std::string ChildProcess::reason(int status) const {
  const std::string name = std::filesystem::path(name_).filename().string();
  if (WIFSIGNALED(status)) return fmt::format("{} was killed by signal {}", name, WTERMSIG(status));
  return fmt::format("{} failed: {}", name, said());
}

int ChildProcess::wait() {
  constexpr auto kNap = std::chrono::milliseconds{1};
  int status = 0;
  while (true) {
    if (stopped()) ::kill(pid_, SIGKILL);
    const pid_t ended = ::waitpid(pid_, &status, WNOHANG);
    if (ended == pid_ || (ended < 0 && errno != EINTR)) break;
    std::this_thread::sleep_for(kNap);
  }
  pid_ = -1;
  return status;
}

// The first line: what follows are its consequences. Without the part of itself that the child names: "[mp4 @ 0x..] ".
std::string ChildProcess::said() const {
  char text[kMostSaid];
  const ssize_t length = ::pread(errors_, text, sizeof text, 0);
  if (length <= 0) return "it said nothing";
  std::string_view line(text, static_cast<std::size_t>(length));
  line = line.substr(0, line.find('\n'));
  if (const std::size_t part = line.find("] "); line.starts_with('[') && part != line.npos)
    line.remove_prefix(part + 2);
  return std::string(line);
}

}  // namespace pipedit::executor
