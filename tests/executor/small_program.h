#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "executor/backends/cpu/cpu_backend.h"
#include "executor/execute.h"

// Programs written by hand, whose operations are the test's own.
namespace pipedit::executor::test {

using program::Lane;
using program::OpKind;

program::Task task(Rank, Lane, OpKind = OpKind::gate, std::vector<program::Wait> waits = {});
program::Task exchange_task(Rank, ExchangeId, std::vector<program::Wait> waits = {}, Lane = Lane::send);
program::Segment segment(std::vector<program::Task>, std::vector<program::Exchange> = {});
program::Unit unit(program::UnitKind, std::vector<program::Call>, int repeat = 1);

// A program of `ranks` ranks and no actors yet.
class SmallProgram {
 public:
  explicit SmallProgram(int ranks, int requests = 1);
  SegmentId add(program::Segment);
  BufferId add_buffer(Rank, program::Extent, int copies = 1, program::CopyBy = program::CopyBy::none);
  ActorId add_actor(std::vector<Rank>, std::vector<program::Unit> script);
  ActorId add_decoder(std::vector<Rank>, int latent_slots, std::vector<program::Unit> script);

  program::Program program;
};

// One actor of all ranks, one unit, one segment.
program::Program one_segment(int ranks, program::Segment);

// What ran, in the order in which it did.
class Trace {
 public:
  void operator()(const OpContext&);
  std::vector<std::string> names() const;  // "gate @ 0"
  std::size_t size() const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> names_;
};

// Runs it with that operation; the workload is only as many requests as the program has.
Timeline run_small(
    const program::Program&, std::function<void(const OpContext&)> operation = [](const OpContext&) {},
    ExecuteOptions = {});

// The error's text, and that it came within seconds.
std::string failure_of(const std::function<void()>&);

}  // namespace pipedit::executor::test
