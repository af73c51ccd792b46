#pragma once

#include <filesystem>
#include <string>

#include "cli/module/run_device.h"
#include "core/workload.h"
#include "executor/run_folder/folder_sink.h"
#include "executor/run_folder/resume.h"

namespace pipedit::cli {

// A folder that goes with its owner: where results go while what hands them out is timed, to disk like a run's.
class ScratchFolder {
 public:
  ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// A job of a few random requests of one shape. Weights and kernels are those of `equipped`.
class ProfileJob {
 public:
  ProfileJob(const models::Model&, const RequestShape&, const executor::Job& equipped, const std::string& ffmpeg,
             executor::Encoding);
  executor::Job& job() { return job_; }
  const Workload& workload() const { return workload_; }

 private:
  Workload workload_;
  ScratchFolder folder_;
  executor::Remaining all_;
  executor::FolderSink sink_;
  executor::Job job_;
};

}  // namespace pipedit::cli
