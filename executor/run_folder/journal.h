#pragma once

#include <filesystem>
#include <mutex>
#include <set>
#include <string_view>

#include "core/ids.h"
#include "executor/run_folder/run_origin.h"

// What has happened in a run, a JSON object a line, on disk before the next thing happens: the origin first, then
// {"event": "latent", "request": 3} and {"event": "finished", "request": 3}. Requests are numbered as in the whole job.
namespace pipedit::executor {

enum class JournalEvent { latent, finished };

class Journal {
 public:
  // Appends to the file, or starts it. Throws InputError naming it.
  explicit Journal(const std::filesystem::path&);
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  ~Journal();

  void start(const RunOrigin&);
  void add(JournalEvent, RequestId);  // from any thread

 private:
  void append(std::string_view line);

  std::filesystem::path path_;
  std::mutex mutex_;
  int file_ = -1;
};

struct JournalContents {
  RunOrigin origin;
  std::set<RequestId> latents, finished;
  friend bool operator==(const JournalContents&, const JournalContents&) = default;
};

// A last line that breaks off, as a crash leaves it, counts as not written. Throws InputError naming file and line.
JournalContents read_journal(const std::filesystem::path&);
JournalContents parse_journal(std::string_view text);

}  // namespace pipedit::executor
