#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "cli/module/profile_job.h"
#include "cli/module/profile_part.h"
#include "cli/module/profile_programs.h"
#include "cli/module/run_device.h"
#include "cli/output.h"
#include "cli/profile_request.h"
#include "cli/progress.h"
#include "profiler/beside_copies.h"
#include "profiler/copies.h"
#include "profiler/cover.h"
#include "profiler/device_times.h"
#include "profiler/profiler.h"
#include "profiler/requests.h"

namespace pipedit::cli {

namespace {

// Of work until a GPU's clocks are those of long runs: 100 to 150 ms on an H100; an H200 computed 3 % faster in its
// first 400 ms than in the steps of the run that followed.
constexpr Nanos kSettled = 500ms;
constexpr int kRounds = 3;             // on a CPU, which others may share
constexpr int kRanksBesideCopies = 4;  // whose tasks are timed beside copies: neither the longest nor the shortest

// Kernels of attention, by the device's names, and transfers between devices have kinds of their own.
std::vector<ProfilePoint> renamed(std::vector<ProfilePoint> points, const std::string& kernel, bool between_devices) {
  for (ProfilePoint& point : points) {
    if (point.kind == "attention" && !kernel.empty()) point.kind += "." + kernel;
    if (point.kind.starts_with("exchange.") && between_devices) point.kind.replace(0, 8, "link");
  }
  return points;
}

// The programs with another transport.
std::vector<program::Program> by(Transport transport, std::vector<program::Program> programs) {
  for (program::Program& program : programs)
    for (program::Segment& segment : program.segments)
      for (program::Exchange& exchange : segment.exchanges) exchange.transport = transport;
  return programs;
}

class Profiling {
 public:
  Profiling(const ProfileRequest& request, Profile& profile)
      : request_(request),
        on_gpu_(request.device == "cuda"),
        device_(make_device(request.device, {.slots = request.cluster.devices.front().slots,
                                             .fa3_library = request.fa3_library,
                                             .stop = request.stop})),
        model_(on_gpu_ ? with_few_blocks(request.model) : request.model),
        part_(request.part, profile),
        profile_(profile) {}

  void run() {
    if (part_.goes_on()) remark("going on with " + request_.part.string());
    try {
      equip();
      for (const RequestShape& shape : request_.workload.shapes) measure(shape);
      if (on_gpu_) measure_copies();
    } catch (...) {
      part_.save();
      throw;
    }
  }

 private:
  void equip() {
    const Workload workload = uniform_workload(request_.workload.shapes.front(), devices());
    Cluster cluster = request_.cluster;
    if (on_gpu_) cluster.devices.assign(static_cast<std::size_t>(devices()), cluster.devices.front());
    const program::Program program = replicas_program(model_, cluster, workload, devices());
    job_.model = &model_;
    const executor::RunOrigin origin{.random_weights = 1, .random_embeddings = 1};
    device_->check_room(program);
    device_->equip(job_, origin, program);
    device_->hold_on_host(job_, origin);
  }

  // That plans would use, or one more for what was begun on it.
  int devices() const {
    const int begun = measured_gpu(profile_).value_or(0) + 1;
    return std::min(device_->count(), std::max(begun, request_.cluster.ranks()));
  }

  profiler::Options options(const std::string& what, bool between_devices = false) {
    progress_.emplace(what);
    profiler::Options options;
    options.slots = std::min(request_.cluster.devices[0].slots, request_.cluster.ranks_per_device);
    options.ranks = request_.cluster.ranks_per_device;
    options.tolerance = request_.tolerance;
    options.longest = request_.longest;
    options.rounds = on_gpu_ ? 1 : kRounds;
    options.times_of = on_gpu_ ? profiler::TimesOf::first_stretch : profiler::TimesOf::every_stretch;
    options.settled = on_gpu_ && !between_devices ? kSettled : 0ns;  // transfers alone do not heat it
    options.stop = request_.stop;
    options.progress = [this](std::size_t done, std::size_t of, Nanos left) { progress_->update(done, of, left); };
    return options;
  }

  // Measures what is not known yet. What stretches that need not run again have told stays as it is.
  void measure(std::vector<profiler::Stretch> stretches, executor::Job& job, profiler::Options options,
               const std::string& kernel = "", bool between_devices = false) {
    const auto known = [&](const profiler::PointKey& point) {
      const auto key = renamed({{.kind = point.kind, .dims = point.dims}}, kernel, between_devices).front();
      return part_.holds({key.kind, key.dims}, 1) && (options.slots == 1 || part_.holds(point, options.slots));
    };
    std::set<profiler::PointKey> kept;
    std::erase_if(stretches, [&](const profiler::Stretch& stretch) {
      if (!std::ranges::all_of(stretch.wanted, known)) return false;
      std::ranges::copy_if(stretch.points, std::inserter(kept, kept.end()), known);
      return true;
    });
    for (profiler::Stretch& stretch : stretches) place(stretch, between_devices);
    const auto take = [&](std::vector<ProfilePoint> points) {
      std::erase_if(points, [&](const ProfilePoint& point) { return kept.contains({point.kind, point.dims}); });
      add(points, kernel, between_devices);
    };
    options.measured = take;
    take(profiler::measure(stretches, device_->backend(), job, options));
  }

  // Links are those of the first two GPUs, whichever of them is slower.
  void place(profiler::Stretch& stretch, bool between_devices) const {
    stretch.device = between_devices ? DeviceId{0} : measured_;
    stretch.other = between_devices ? DeviceId{1} : measured_;
  }

  // Parts that stay with their rank are those of one device, beside its work.
  void add(const std::vector<ProfilePoint>& points, const std::string& kernel, bool between_devices) {
    std::vector<ProfilePoint> all = renamed(points, kernel, between_devices);
    std::erase_if(all, [](const ProfilePoint& point) { return point.kind == "link.local"; });
    part_.add(all);
  }

  void measure(const RequestShape& shape) {
    ProfileJob requests(model_, shape, job_, request_.ffmpeg, device_->encoding());
    const std::vector<program::Program> programs = programs_of(requests.workload());
    std::vector<profiler::Stretch> stretches =
        on_gpu_ ? profiler::stretches_of(programs, profiler::Exchanges::all, profiler::Begin::apart,
                                         profiler::Spacing::apart, static_cast<std::size_t>(request_.cluster.ranks()))
                : profiler::stretches_of(programs, profiler::Exchanges::of_decodes);
    const std::string of_length = " (" + std::to_string(shape.width) + "x" + std::to_string(shape.height) + "x" +
                                  std::to_string(shape.frames) + ")";
    std::string kernel;
    if (on_gpu_) {
      profiler::run_tiles_once(stretches);
      choose_device(stretches.front(), requests.job());
      sustain(stretches.front(), requests.job());
      kernel = fastest_attention(requests, of_length);
    }
    measure(std::move(stretches), requests.job(), options("stretches of tasks measured" + of_length), kernel);
    if (on_gpu_) measure_company(requests);
    if (on_gpu_) measure_links(programs, requests, of_length);
    measure_requests(on_gpu_ ? std::vector{on_one_device(requests.workload())} : programs, requests.job(), of_length);
  }

  // On a GPU those come first, one for each number of ranks, which leave attention whole: where it is cut into short
  // pieces it draws less power, and products beside it are 5 to 8 % faster than in plans that are worth choosing.
  std::vector<program::Program> programs_of(const Workload& workload) const {
    if (!on_gpu_) return programs_to_profile(model_, request_.cluster, workload, Sweep::every);
    std::vector<program::Program> programs;
    for (int ranks = 1; ranks <= request_.cluster.ranks(); ++ranks)
      programs.push_back(plain_program(model_, request_.cluster, workload, ranks));
    std::ranges::move(programs_to_profile(model_, request_.cluster, workload, Sweep::few),
                      std::back_inserter(programs));
    return programs;
  }

  // On a GPU what a request needs once hardly depends on the plan.
  program::Program on_one_device(const Workload& workload) const {
    program::Program program = plain_program(model_, first_devices(request_.cluster, 1), workload, 1);
    if (on_gpu_) program.devices.assign(program.devices.size(), measured_);
    return program;
  }

  void measure_requests(const std::vector<program::Program>& programs, const executor::Job& job,
                        const std::string& of_length) {
    part_.add(profiler::measure_requests(programs, device_->backend(), job, options("requests run" + of_length)));
    if (on_gpu_) return;
    const auto exchanging = options("requests with exchanges run" + of_length);
    part_.add(profiler::measure_exchanges(programs, device_->backend(), job, exchanging));
  }

  // Ranks that work together wait for the slowest of their GPUs: that one is measured.
  void choose_device(const profiler::Stretch& stretch, executor::Job& job) {
    if (std::exchange(device_chosen_, true)) return;
    const auto known = measured_gpu(profile_);
    measured_ = DeviceId{known && *known < devices() ? *known : slowest_device(stretch, job)};
    profile_.machine[kMeasuredGpu] = std::to_string(index(measured_));
  }

  int slowest_device(const profiler::Stretch& stretch, executor::Job& job) const {
    if (devices() == 1) return 0;
    const auto times = profiler::device_times(stretch, devices(), device_->backend(), job, request_.sustain);
    const auto [least, most] = std::ranges::minmax_element(times);
    const double slower = static_cast<double>(most->count()) / static_cast<double>(least->count()) - 1;
    remark(fmt::format("of {} GPUs the slowest is measured: GPU {}, {:.1f} % slower than GPU {}", devices(),
                       most - times.begin(), 100 * slower, least - times.begin()));
    return static_cast<int>(most - times.begin());
  }

  // The power limit and the clocks of long runs.
  void sustain(profiler::Stretch stretch, executor::Job& job) {
    place(stretch, false);
    profiler::Options options;
    options.tolerance = 0;
    options.longest = request_.sustain;
    options.stop = request_.stop;
    profiler::measure({stretch}, device_->backend(), job, options);
  }

  // By the sum over the whole heads of one rank and of the most ranks. The job goes on with it.
  std::string fastest_attention(ProfileJob& requests, const std::string& of_length) {
    std::vector<program::Program> programs;
    for (const int ranks : std::set{1, request_.cluster.ranks()})
      programs.push_back(plain_program(model_, request_.cluster, requests.workload(), ranks));
    std::vector<profiler::Stretch> stretches;
    for (const profiler::Stretch& stretch : profiler::stretches_of(programs))
      if (auto part = profiler::only_of(stretch, program::OpKind::attention); !part.points.empty())
        stretches.push_back(std::move(part));
    std::string best;
    Nanos least = Nanos::max();
    for (const std::string& kernel : device_->attention_kernels(model_)) {
      device_->use_attention(requests.job(), kernel);
      const auto what = options("shapes of attention by " + kernel + of_length);
      measure(stretches, requests.job(), what, kernel);
      if (const Nanos sum = sum_of(stretches, kernel); sum < least) least = sum, best = kernel;
    }
    if (!best.empty()) device_->use_attention(requests.job(), best);
    return best;
  }

  Nanos sum_of(const std::vector<profiler::Stretch>& stretches, const std::string& kernel) const {
    Nanos sum{0};
    for (const ProfilePoint& point : profile_.points)
      for (const profiler::Stretch& stretch : stretches)
        for (const profiler::PointKey& key : stretch.points)
          if (point.kind == key.kind + "." + kernel && point.dims == key.dims) sum += point.median;
    return sum;
  }

  // What the plans' exchanges take between two devices when nothing else runs. A sweep of sizes is enough for the
  // transport that plans do not choose.
  void measure_links(const std::vector<program::Program>& programs, ProfileJob& requests,
                     const std::string& of_length) {
    for (const Transport transport : device_->transports_between()) {
      if (transport == Transport::staged) continue;
      const std::vector<program::Program> all = by(transport, programs);
      std::vector<profiler::Stretch> stretches;
      for (const profiler::Stretch& stretch : profiler::stretches_of(all))
        stretches.push_back(profiler::only_of(stretch, program::OpKind::exchange));
      const auto what = "exchanges over links measured" + of_length;
      measure(profiler::that_add_points(std::move(stretches), profiler::Spacing::apart), requests.job(),
              options(what, true), "", true);
    }
  }

  // What tasks lose beside copies, and beside each other; once, at the first length.
  void measure_company(ProfileJob& requests) {
    if (std::exchange(company_known_, true)) return;
    const int ranks = std::min(kRanksBesideCopies, request_.cluster.ranks());
    const std::vector<program::Program> programs = {
        plain_program(model_, request_.cluster, requests.workload(), ranks)};
    profiler::Stretch stretch =
        profiler::stretches_of(programs, profiler::Exchanges::all, profiler::Begin::apart).front();
    place(stretch, false);
    profiler::Stretch computing = stretch;
    computing.exchanges = false;
    profile_.sharing_loss = profiler::sharing_loss_of(computing, device_->backend(), requests.job(), kSettled);
    for (const Transport transport : {Transport::peer, Transport::staged})
      measure_contention(stretch, transport, requests);
    place(stretch, true);
    for (const Transport transport : device_->transports_between()) measure_contention(stretch, transport, requests);
  }

  void measure_contention(const profiler::Stretch& stretch, Transport transport, ProfileJob& requests) {
    if (!part_.holds_contention(transport, stretch.between_devices()))
      part_.add(profiler::contention_of(stretch, transport, device_->backend(), requests.job(), kSettled));
  }

  void measure_copies() {
    ProfileJob requests(model_, request_.workload.shapes.front(), job_, request_.ffmpeg, device_->encoding());
    const auto sweep = [](Transport transport) {
      return profiler::copies_program(transport, profiler::sizes_to_copy());
    };
    const std::vector<program::Program> programs = {sweep(Transport::peer), sweep(Transport::staged)};
    profiler::Options inside = options("sweeps of copies measured");
    inside.settled = 0ns;
    measure(profiler::stretches_of(programs), requests.job(), inside);
    std::vector<program::Program> between;
    for (const Transport transport : device_->transports_between()) between.push_back(sweep(transport));
    measure(profiler::stretches_of(between), requests.job(), options("sweeps of copies between devices measured", true),
            "", true);
  }

  const ProfileRequest& request_;
  bool on_gpu_;
  std::unique_ptr<RunDevice> device_;
  models::Model model_;
  ProfilePart part_;
  Profile& profile_;
  executor::Job job_;
  DeviceId measured_{0};
  bool device_chosen_ = false, company_known_ = false;
  std::optional<Progress> progress_;
};

}  // namespace

}  // namespace pipedit::cli

extern "C" void pipedit_profile(const pipedit::cli::ProfileRequest& request, pipedit::Profile& profile) {
  pipedit::cli::Profiling(request, profile).run();
}
