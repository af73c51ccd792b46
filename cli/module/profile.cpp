#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "cli/module/ffmpeg.h"
#include "cli/module/profile_programs.h"
#include "cli/module/run_inputs.h"
#include "cli/profile_request.h"
#include "cli/progress.h"
#include "core/error.h"
#include "executor/backends/cpu/cpu_backend.h"
#include "executor/run_folder/folder_sink.h"
#include "profiler/profiler.h"

namespace pipedit::cli {

namespace {

// A few requests, so that what hands out results is timed more than once.
constexpr int kRequests = 3;

// Where results go while what hands them out is timed: to disk, like a run's.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "pipedit-profile-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw Error(name + ": cannot be made");
    path_ = name;
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

void profile(const ProfileRequest& request, Profile& profile) {
  const Workload workload = uniform_workload(request.workload.shape_of(RequestId{0}), kRequests);
  const std::vector<program::Program> programs = programs_to_profile(request.model, request.cluster, workload);
  const std::vector<profiler::Stretch> stretches = profiler::stretches_of(programs);

  const executor::Remaining all = executor::everything(workload);
  const executor::RunOrigin origin{.random_weights = 1, .random_embeddings = 1};
  const executor::WeightStore weights = load_weights(origin, request.model);
  const ScratchFolder scratch;
  executor::FolderSink sink(executor::RunFolder(scratch.path()), all.numbers,
                            {.ffmpeg = ffmpeg_command(request.ffmpeg)});
  executor::Job job;
  job.model = &request.model;
  job.workload = &workload;
  job.weights = &weights;
  job.inputs = load_inputs(origin, request.model, all);
  job.sink = &sink;
  executor::CpuBackend backend({.slots = request.cluster.devices.front().slots});
  Progress progress("stretches of tasks measured");
  profiler::Options options;
  options.slots = std::min(request.cluster.devices[0].slots, request.cluster.ranks_per_device);
  options.ranks = request.cluster.ranks_per_device;
  options.tolerance = request.tolerance;
  options.longest = request.longest;
  options.progress = [&progress](std::size_t done, std::size_t of, Nanos left) { progress.update(done, of, left); };

  profile.model = request.model.name;
  profile.device = DeviceKind::cpu;
  profile.points = profiler::measure(stretches, backend, job, options);
  const auto results = profiler::measure_results(programs.front(), backend, job);
  profile.points.insert(profile.points.end(), results.begin(), results.end());
  std::sort(profile.points.begin(), profile.points.end(), [](const ProfilePoint& a, const ProfilePoint& b) {
    return std::tie(a.kind, a.dims, a.busy) < std::tie(b.kind, b.dims, b.busy);
  });
}

}  // namespace

}  // namespace pipedit::cli

extern "C" void pipedit_profile(const pipedit::cli::ProfileRequest& request, pipedit::Profile& profile) {
  pipedit::cli::profile(request, profile);
}
