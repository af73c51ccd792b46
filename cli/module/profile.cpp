#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "cli/module/profile_bench.h"
#include "cli/module/profile_job.h"
#include "cli/module/profile_programs.h"
#include "cli/output.h"
#include "profiler/beside_copies.h"
#include "profiler/copies.h"
#include "profiler/cover.h"
#include "profiler/requests.h"

namespace pipedit::cli {

namespace {

constexpr int kRanksBesideCopies = 4;  // whose tasks are timed beside copies: neither the longest nor the shortest

// The programs with another transport.
std::vector<program::Program> by(Transport transport, std::vector<program::Program> programs) {
  for (program::Program& program : programs)
    for (program::Segment& segment : program.segments)
      for (program::Exchange& exchange : segment.exchanges) exchange.transport = transport;
  return programs;
}

// What is measured, and in which order.
class Profiling {
 public:
  Profiling(const ProfileRequest& request, Profile& profile)
      : request_(request), profile_(profile), bench_(request, profile) {}

  void run() {
    if (bench_.part().goes_on()) remark("going on with " + request_.part.string());
    try {
      bench_.equip();
      for (const RequestShape& shape : request_.workload.shapes) measure(shape);
      if (bench_.on_gpu()) measure_copies();
    } catch (...) {
      bench_.part().save();
      throw;
    }
  }

 private:
  void measure(const RequestShape& shape) {
    ProfileJob requests(bench_.model(), shape, bench_.job(), request_.ffmpeg, bench_.device().encoding());
    const std::vector<program::Program> programs = programs_of(requests.workload());
    std::vector<profiler::Stretch> stretches =
        bench_.on_gpu()
            ? profiler::stretches_of(programs, profiler::Exchanges::all, profiler::Begin::apart,
                                     profiler::Spacing::apart, static_cast<std::size_t>(request_.cluster.ranks()))
            : profiler::stretches_of(programs, profiler::Exchanges::of_decodes);
    const std::string of_length = " (" + std::to_string(shape.width) + "x" + std::to_string(shape.height) + "x" +
                                  std::to_string(shape.frames) + ")";
    std::string kernel;
    if (bench_.on_gpu()) {
      profiler::run_tiles_once(stretches);
      bench_.choose_device(stretches.front(), requests.job());
      bench_.sustain(stretches.front(), requests.job());
      kernel = fastest_attention(requests, of_length);
    }
    bench_.measure(std::move(stretches), requests.job(), bench_.options("stretches of tasks measured" + of_length),
                   kernel);
    if (bench_.on_gpu()) measure_company(requests);
    if (bench_.on_gpu()) measure_links(programs, requests, of_length);
    measure_requests(bench_.on_gpu() ? std::vector{on_one_device(requests.workload())} : programs, requests.job(),
                     of_length);
  }

  // On a GPU those come first, one for each number of ranks, which leave attention whole: where it is cut into short
  // pieces it draws less power, and products beside it are 5 to 8 % faster than in plans that are worth choosing.
  std::vector<program::Program> programs_of(const Workload& workload) const {
    if (!bench_.on_gpu()) return programs_to_profile(bench_.model(), request_.cluster, workload, Sweep::every);
    std::vector<program::Program> programs;
    for (int ranks = 1; ranks <= request_.cluster.ranks(); ++ranks)
      programs.push_back(plain_program(bench_.model(), request_.cluster, workload, ranks));
    std::ranges::move(programs_to_profile(bench_.model(), request_.cluster, workload, Sweep::few),
                      std::back_inserter(programs));
    return programs;
  }

  // On a GPU what a request needs once hardly depends on the plan.
  program::Program on_one_device(const Workload& workload) const {
    program::Program program = plain_program(bench_.model(), first_devices(request_.cluster, 1), workload, 1);
    if (bench_.on_gpu()) program.devices.assign(program.devices.size(), bench_.measured());
    return program;
  }

  void measure_requests(const std::vector<program::Program>& programs, const executor::Job& job,
                        const std::string& of_length) {
    bench_.part().add(
        profiler::measure_requests(programs, bench_.backend(), job, bench_.options("requests run" + of_length)));
    if (bench_.on_gpu()) return;
    const auto exchanging = bench_.options("requests with exchanges run" + of_length);
    bench_.part().add(profiler::measure_exchanges(programs, bench_.backend(), job, exchanging));
  }

  // By the sum over the whole heads of one rank and of the most ranks. The job goes on with it.
  std::string fastest_attention(ProfileJob& requests, const std::string& of_length) {
    std::vector<program::Program> programs;
    for (const int ranks : std::set{1, request_.cluster.ranks()})
      programs.push_back(plain_program(bench_.model(), request_.cluster, requests.workload(), ranks));
    std::vector<profiler::Stretch> stretches;
    for (const profiler::Stretch& stretch : profiler::stretches_of(programs))
      if (auto part = profiler::only_of(stretch, program::OpKind::attention); !part.points.empty())
        stretches.push_back(std::move(part));
    std::string best;
    Nanos least = Nanos::max();
    for (const std::string& kernel : bench_.device().attention_kernels(bench_.model())) {
      bench_.device().use_attention(requests.job(), kernel);
      const auto what = bench_.options("shapes of attention by " + kernel + of_length);
      bench_.measure(stretches, requests.job(), what, kernel);
      if (const Nanos sum = sum_of(stretches, kernel); sum < least) least = sum, best = kernel;
    }
    if (!best.empty()) bench_.device().use_attention(requests.job(), best);
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
    for (const Transport transport : bench_.device().transports_between()) {
      if (transport == Transport::staged) continue;
      const std::vector<program::Program> all = by(transport, programs);
      std::vector<profiler::Stretch> stretches;
      for (const profiler::Stretch& stretch : profiler::stretches_of(all))
        stretches.push_back(profiler::only_of(stretch, program::OpKind::exchange));
      const auto what = "exchanges over links measured" + of_length;
      bench_.measure(profiler::that_add_points(std::move(stretches), profiler::Spacing::apart), requests.job(),
                     bench_.options(what, true), "", true);
    }
  }

  // What tasks lose beside copies, and beside each other; once, at the first length.
  void measure_company(ProfileJob& requests) {
    if (std::exchange(company_known_, true)) return;
    const int ranks = std::min(kRanksBesideCopies, request_.cluster.ranks());
    const std::vector<program::Program> programs = {
        plain_program(bench_.model(), request_.cluster, requests.workload(), ranks)};
    profiler::Stretch stretch =
        profiler::stretches_of(programs, profiler::Exchanges::all, profiler::Begin::apart).front();
    bench_.place(stretch, false);
    profiler::Stretch computing = stretch;
    computing.exchanges = false;
    profile_.sharing_loss = profiler::sharing_loss_of(computing, bench_.backend(), requests.job(), kSettled);
    for (const Transport transport : {Transport::peer, Transport::staged})
      measure_contention(stretch, transport, requests);
    bench_.place(stretch, true);
    for (const Transport transport : bench_.device().transports_between())
      measure_contention(stretch, transport, requests);
  }

  void measure_contention(const profiler::Stretch& stretch, Transport transport, ProfileJob& requests) {
    if (!bench_.part().holds_contention(transport, stretch.between_devices()))
      bench_.part().add(profiler::contention_of(stretch, transport, bench_.backend(), requests.job(), kSettled));
  }

  void measure_copies() {
    ProfileJob requests(bench_.model(), request_.workload.shapes.front(), bench_.job(), request_.ffmpeg,
                        bench_.device().encoding());
    const auto sweep = [](Transport transport) {
      return profiler::copies_program(transport, profiler::sizes_to_copy());
    };
    const std::vector<program::Program> programs = {sweep(Transport::peer), sweep(Transport::staged)};
    profiler::Options inside = bench_.options("sweeps of copies measured");
    inside.settled = 0ns;
    bench_.measure(profiler::stretches_of(programs), requests.job(), inside);
    std::vector<program::Program> between;
    for (const Transport transport : bench_.device().transports_between()) between.push_back(sweep(transport));
    bench_.measure(profiler::stretches_of(between), requests.job(),
                   bench_.options("sweeps of copies between devices measured", true), "", true);
  }

  const ProfileRequest& request_;
  Profile& profile_;
  ProfileBench bench_;
  bool company_known_ = false;
};

}  // namespace

}  // namespace pipedit::cli

extern "C" void pipedit_profile(const pipedit::cli::ProfileRequest& request, pipedit::Profile& profile) {
  pipedit::cli::Profiling(request, profile).run();
}
