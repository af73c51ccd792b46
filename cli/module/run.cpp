#include <fmt/format.h>

#include "cli/headline.h"
#include "cli/module/ffmpeg.h"
#include "cli/module/run_device.h"
#include "cli/module/run_inputs.h"
#include "cli/module/run_progress.h"
#include "cli/output.h"
#include "cli/plan_input.h"
#include "cli/run_request.h"
#include "core/error.h"
#include "executor/execute.h"
#include "executor/run_folder/folder_lock.h"
#include "executor/run_folder/folder_sink.h"
#include "executor/warm_up.h"
#include "program/lower/lower.h"
#include "program/verify/verify.h"

namespace pipedit::cli {

namespace {

executor::RunOrigin origin_of(const RunRequest& request) {
  return {.device = request.device,
          .weights = request.weights,
          .random_weights = request.random_weights,
          .embeddings = request.embeddings,
          .random_embeddings = request.random_embeddings,
          .seed = request.seed,
          .keep_latents = request.keep_latents};
}

// As the journal keeps it: whoever goes on with the run may stand elsewhere.
executor::RunOrigin from_anywhere(executor::RunOrigin origin) {
  for (auto* path : {&origin.weights, &origin.embeddings})
    if (*path) *path = std::filesystem::absolute(**path);
  return origin;
}

// A run, new or resumed, up to the point where it executes.
struct Setup {
  executor::RunFolder folder;
  executor::RunOrigin origin;
  planner::PlanFile input;
  executor::Remaining left;
};

Setup set_up(const RunRequest& request) {
  if (request.plan.empty()) {
    const executor::RunFolder folder(request.folder);
    const executor::JournalContents journal = executor::read_journal(folder.journal());
    planner::PlanFile input = planner::read_plan_file(folder.plan());
    executor::Remaining left = executor::remaining(folder, journal, input.workload);
    return {folder, journal.origin, std::move(input), std::move(left)};
  }
  planner::PlanFile input = planner::read_plan_file(request.plan);
  executor::Remaining left = executor::everything(input.workload);
  return {executor::RunFolder(request.folder), origin_of(request), std::move(input), std::move(left)};
}

// A run that goes on stays on its device, a new one is on that of the plan.
std::unique_ptr<RunDevice> device_of(const RunRequest& request, Setup& setup) {
  const Cluster& cluster = setup.input.cluster;
  std::string& name = setup.origin.device;
  if (name.empty()) name = device_for(cluster);
  if (name != device_for(cluster))
    throw InputError(
        fmt::format("--device {}: the plan is for {}; plan for this machine (pipedit devices -o here.json)", name,
                    to_text(cluster)));
  return make_device(name, {.slots = cluster.devices.front().slots,
                            .attention = setup.input.plan.attention,
                            .fa3_library = request.fa3_library,
                            .stop = request.stop,
                            .watches_memory = true});
}

// Faults would be mistakes of ours; better found here than in the middle of a run.
program::Program checked_program(const planner::PlanFile& input, const std::filesystem::path& plan) {
  program::Program program = lower(input, plan);
  if (const auto reason = does_not_fit(program, input.cluster))
    throw NoFeasiblePlan(fmt::format("{}: {}", plan.string(), *reason));
  const auto faults = verify(program, input.cluster);
  if (!faults.empty()) throw Error(fmt::format("{}: {}", plan.string(), faults.front().message));
  return program;
}

// What the user can do about it stands in the same line.
Error stopped(const Error& e, const RunRequest& request) {
  const bool interrupted = request.stop != nullptr && *request.stop;
  return Error(fmt::format("{}: {}; what was finished is kept, pipedit run --resume {} goes on",
                           request.folder.string(), interrupted ? "interrupted" : e.what(), request.folder.string()));
}

executor::ExecuteOptions options_of(RunProgress& progress, const std::atomic<bool>* stop) {
  executor::ExecuteOptions options;
  options.stop = stop;
  options.before_task = [&progress](const executor::TaskInstanceRef& task) { progress.before_task(task); };
  return options;
}

void warm_up(const program::Program& program, executor::Backend& backend, const executor::Job& job,
             const std::atomic<bool>* stop) {
  const program::Program brief = executor::shortened(program);
  RunProgress progress(brief, "GFLOP to warm up");
  executor::warm_up(brief, backend, job, options_of(progress, stop));
}

void run(const RunRequest& request, RunAnswer& answer) {
  std::optional<executor::FolderLock> lock;
  if (request.plan.empty()) lock.emplace(request.folder);
  Setup setup = set_up(request);
  answer.finished_before = static_cast<int>(setup.input.workload.requests.size() - setup.left.numbers.size());
  if (setup.left.numbers.empty()) {
    std::error_code ignored;
    if (!setup.origin.keep_latents) std::filesystem::remove(setup.folder.latents(), ignored);
    return;
  }
  const std::string ffmpeg = ffmpeg_command(request.ffmpeg);
  const models::Model& model = setup.input.model;
  const std::unique_ptr<RunDevice> device = device_of(request, setup);
  auto inputs = load_inputs(setup.origin, model, setup.left);
  setup.input.workload = executor::with_tokens_of(setup.left.workload, inputs);
  const program::Program program =
      checked_program(setup.input, request.plan.empty() ? setup.folder.plan() : request.plan);
  device->check_room(program);
  executor::Job job;
  job.model = &model;
  job.workload = &setup.input.workload;
  job.inputs = std::move(inputs);
  job.seed = setup.origin.seed;
  device->equip(job, setup.origin, program);
  if (!request.plan.empty()) {
    executor::start_run(request.folder, read_text(request.plan), from_anywhere(setup.origin));
    lock.emplace(request.folder);
  }

  executor::FolderSink sink(
      setup.folder, setup.left.numbers,
      {.keep_latents = setup.origin.keep_latents, .ffmpeg = ffmpeg, .encoding = device->encoding()});
  job.sink = &sink;
  try {
    warm_up(program, device->backend(), job, request.stop);
    RunProgress progress(program, "GFLOP of denoising and decoding");
    answer.measured = executor::execute(program, device->backend(), job, options_of(progress, request.stop));
    sink.close();
    write_file(setup.folder.timeline(), write_timeline(answer.measured));
  } catch (const Error& e) {
    throw stopped(e, request);
  }
  answer.memory = device->memory(program, setup.input.cluster);
  for (const RequestId number : setup.left.numbers) {
    answer.numbers.push_back(static_cast<int>(index(number)));
    answer.videos.push_back(setup.folder.video(number));
  }
}

}  // namespace

}  // namespace pipedit::cli

extern "C" void pipedit_run(const pipedit::cli::RunRequest& request, pipedit::cli::RunAnswer& answer) {
  pipedit::cli::run(request, answer);
}
