#include "cli/module/profile_job.h"

#include <cstdlib>

#include "cli/module/ffmpeg.h"
#include "cli/module/run_inputs.h"
#include "core/error.h"

namespace pipedit::cli {

namespace {

// A few, so that what hands out results is timed more than once.
constexpr int kRequests = 3;

}  // namespace

ScratchFolder::ScratchFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "pipedit-profile-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw Error(name + ": cannot be made");
  path_ = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

ProfileJob::ProfileJob(const models::Model& model, const RequestShape& shape, const executor::Job& equipped,
                       const std::string& ffmpeg, executor::Encoding encoding)
    : workload_(uniform_workload(shape, kRequests)),
      all_(executor::everything(workload_)),
      sink_(executor::RunFolder(folder_.path()), all_.numbers,
            {.ffmpeg = ffmpeg_command(ffmpeg), .encoding = encoding}),
      job_(equipped) {
  job_.workload = &workload_;
  job_.inputs = load_inputs({.random_weights = 1, .random_embeddings = 1}, model, all_);
  job_.sink = &sink_;
}

}  // namespace pipedit::cli
