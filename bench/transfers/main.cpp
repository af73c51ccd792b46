#include <algorithm>
#include <cstdio>
#include <exception>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "core/error.h"
#include "executor/backends/cuda/cuda_backend.h"
#include "executor/execute.h"
#include "profiler/copies.h"

// How fast each transport exchanges parts among GPUs, by the number of them and the parts' size.
namespace pipedit::bench {
namespace {

constexpr int kTimes = 24, kWarming = 4;

const std::map<std::string, Transport> kTransports = {
    {"peer", Transport::peer}, {"nccl", Transport::nccl}, {"staged", Transport::staged}};

// Each of the first GPUs sends a part to every other one, in the order of plans, again and again.
program::Program all_to_all(Transport transport, int gpus, Bytes part) {
  std::vector<profiler::Route> routes;
  std::vector<DeviceId> devices;
  for (int from = 0; from < gpus; ++from) {
    devices.push_back(DeviceId{from});
    for (int step = 1; step < gpus; ++step) routes.emplace_back(Rank{from}, Rank{(from + step) % gpus});
  }
  program::Program program =
      profiler::exchanges_program(transport, std::vector<Bytes>{part}, routes, std::move(devices));
  std::vector<program::Call>& calls = program.actors.front().scripts.front().front().alternatives.front().calls;
  calls.resize(kTimes, calls.front());
  return program;
}

// Of one exchange, the slowest rank's, all but the first few: the median.
Nanos time_of(Transport transport, int gpus, Bytes part, executor::Backend& backend) {
  const Timeline timeline = executor::execute(all_to_all(transport, gpus, part), backend, {}, {});
  std::vector<Nanos> slowest(kTimes);
  for (const Occurrence& unit : timeline.occurrences)
    for (const Span& span : timeline.patterns[index(unit.pattern)].spans) {
      Nanos& time = slowest[static_cast<std::size_t>(span.call)];
      time = std::max(time, span.end - span.start);
    }
  slowest.erase(slowest.begin(), slowest.begin() + kWarming);
  std::nth_element(slowest.begin(), slowest.begin() + static_cast<std::ptrdiff_t>(slowest.size() / 2), slowest.end());
  return slowest[slowest.size() / 2];
}

void print_curve(const std::string& name, int gpus, executor::Backend& backend) {
  for (std::int64_t size = std::int64_t{64} << 10; size <= std::int64_t{256} << 20; size *= 4) {
    const Nanos time = time_of(kTransports.at(name), gpus, Bytes{size}, backend);
    const auto sent = static_cast<double>(size * (gpus - 1));
    fmt::print("{:9} {:4} {:10} {:10.1f} {:14.1f}\n", name, gpus, size, static_cast<double>(time.count()) / 1e3,
               sent / static_cast<double>(time.count()));
    std::fflush(stdout);
  }
}

void run(const std::vector<std::string>& names, int most) {
  const int here = executor::gpu_count();
  if (here < 2) throw InputError(fmt::format("at least 2 GPUs are needed, this machine has {}", here));
  if (most < 2 || most > here) throw InputError(fmt::format("--gpus: expected 2 to {}, got {}", here, most));
  executor::CudaBackend backend;
  fmt::print("{:9} {:>4} {:>10} {:>10} {:>14}\n", "transport", "gpus", "part_bytes", "time_us", "sent_GB/s_rank");
  for (const std::string& name : names)
    for (int gpus = 2; gpus <= most; gpus = gpus < most ? std::min(2 * gpus, most) : most + 1)
      print_curve(name, gpus, backend);
}

}  // namespace
}  // namespace pipedit::bench

int main(int argc, char** argv) try {
  CLI::App app(
      "Times all-to-all exchanges among the GPUs of this machine, by transport, number of GPUs and size of a part.\n"
      "NCCL_MIN_CTAS and NCCL_MAX_CTAS set how many multiprocessors nccl takes.\n"
      "Example: pipedit_transfers --transport peer nccl");
  std::vector<std::string> names = {"peer", "nccl", "staged"};
  int most = pipedit::executor::gpu_count();
  app.add_option("--transport", names, "peer, nccl, staged")
      ->check(CLI::IsMember(pipedit::bench::kTransports))
      ->capture_default_str();
  app.add_option("--gpus", most, "The most that exchange (default: all)");
  CLI11_PARSE(app, argc, argv);
  pipedit::bench::run(names, most);
  return 0;
} catch (const std::exception& e) {
  std::fprintf(stderr, "error: %s\n", e.what());
  return dynamic_cast<const pipedit::InputError*>(&e) != nullptr ? 2 : 1;
}
