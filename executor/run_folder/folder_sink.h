#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "executor/job.h"
#include "executor/run_folder/journal.h"
#include "executor/run_folder/run_folder.h"
#include "executor/video/mp4_writer.h"

namespace pipedit::executor {

// Puts a run's results into its folder: a latent is on disk, and in the journal, before it is decoded, and stays until
// its video is whole (or for good, where latents are kept).
class FolderSink : public ResultSink {
 public:
  struct Options {
    bool keep_latents = false;
    int frames_per_second = 24;
    std::string ffmpeg = "ffmpeg";
    Encoding encoding = Encoding::at_end;  // beside, where the run leaves the CPUs free
  };

  // numbers: by request of the run, its number in the whole job.
  FolderSink(RunFolder, std::vector<RequestId> numbers, Options);

  void latent(RequestId, const at::Tensor& latents) override;
  void frames(RequestId, Range, const at::Tensor& rgb) override;
  void finished(RequestId) override;
  void abandon() noexcept override { abandoned_ = true; }

  // After a run that went well: removes the folder of latents where none is kept.
  void close();

 private:
  Mp4Writer& writer(RequestId number, const at::Tensor& rgb);

  RunFolder folder_;
  std::vector<RequestId> numbers_;
  Options options_;
  Journal journal_;
  std::atomic<bool> abandoned_ = false;
  std::mutex mutex_;  // of the table of writers: each is used by one rank at a time
  std::map<RequestId, std::unique_ptr<Mp4Writer>> writers_;
};

}  // namespace pipedit::executor
