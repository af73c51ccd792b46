#pragma once

#include <filesystem>
#include <string_view>

#include "core/ids.h"
#include "executor/run_folder/run_origin.h"

namespace pipedit::executor {

// The names in a run's folder. Requests are numbered as in the whole job.
class RunFolder {
 public:
  explicit RunFolder(std::filesystem::path root) : root_(std::move(root)) {}

  std::filesystem::path plan() const { return root_ / "plan.json"; }
  std::filesystem::path journal() const { return root_ / "journal.jsonl"; }
  std::filesystem::path timeline() const { return root_ / "measured.timeline.json"; }
  std::filesystem::path latents() const { return root_ / "latents"; }
  std::filesystem::path latent(RequestId) const;  // latents/request_0003.safetensors
  std::filesystem::path video(RequestId) const;   // request_0003.mp4
  const std::filesystem::path& root() const { return root_; }

 private:
  std::filesystem::path root_;
};

// "request_0003"
std::string request_name(RequestId);

// Makes the folder, writes the plan's text and the journal's first line. Throws InputError, naming the folder, where it
// is there and not empty, or is not a folder.
RunFolder start_run(const std::filesystem::path& root, std::string_view plan_text, const RunOrigin&);

}  // namespace pipedit::executor
