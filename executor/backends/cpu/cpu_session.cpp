#include "executor/backends/cpu/cpu_session.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/error.h"
#include "executor/backends/cpu/cpu_events.h"
#include "executor/backends/cpu/temporaries.h"

namespace pipedit::executor {

using namespace program;

namespace {

int devices_of(const Program& program) {
  std::size_t last = 0;
  for (const DeviceId device : program.devices) last = std::max(last, index(device));
  return static_cast<int>(last) + 1;
}

void check_ranks(const Program& program) {
  if (program.ranks() > kMaxCpuRanks)
    throw Error(fmt::format("the CPU runs at most {} ranks, the program has {}", kMaxCpuRanks, program.ranks()));
}

}  // namespace

CpuSession::CpuSession(const Program& program, const CpuOptions& options) : parking_(program) {
  check_ranks(program);
  keep_temporaries();
  const int devices = devices_of(program);
  for (int device = 0; device < devices; ++device) turns_.emplace_back(SlotCpus(options.slots, device, devices));
  for (int rank = 0; rank < program.ranks(); ++rank) {
    const RankMemory& memory = program.memory[static_cast<std::size_t>(rank)];
    device_.emplace_back(memory.arena, options.poison);
    pinned_.emplace_back(memory.pinned, options.poison);
    queues_.push_back(
        std::make_unique<CpuQueues>(Rank{rank}, *this, parking_, turns_of(program, rank), memory.workspace));
  }
  opened_ = std::chrono::steady_clock::now();
}

Turns& CpuSession::turns_of(const Program& program, int rank) {
  return turns_[index(program.devices[static_cast<std::size_t>(rank)])];
}

Nanos CpuSession::now() const { return std::chrono::steady_clock::now() - opened_; }

std::byte* CpuSession::memory(Rank rank, Place place) const {
  return (place == Place::device ? device_ : pinned_)[index(rank)].data();
}

std::unique_ptr<EventBlock> CpuSession::make_events(std::span<const int> counts) {
  return std::make_unique<CpuEvents>(counts);
}

bool CpuSession::is_set(Event event) const { return cpu_events(event).is_set(event.index); }

void CpuSession::abort() noexcept {
  aborted_ = true;
  parking_.wake_all();
}

Stuck CpuSession::stuck() const {
  Stuck stuck;
  for (const auto& queues : queues_) {
    for (const Item* item : queues->heads()) stuck.heads.push_back(item);
    for (const Item* item : queues->items()) stuck.items.push_back(item);
  }
  return stuck;
}

}  // namespace pipedit::executor
