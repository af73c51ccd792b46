#include "program/show/memory.h"

#include <algorithm>

#include <fmt/format.h>

#include "program/show/text.h"

namespace pipedit::program {

namespace {

constexpr std::string_view kPhases[] = {"always", "denoise", "decode"};
constexpr std::string_view kTypes[] = {"f32", "bf16", "u8", "i64"};

std::string buffer_text(const Buffer& buffer) {
  const Extent& extent = buffer.extent;
  std::string box = fmt::format("{} x {}", extent.rows, extent.elements);
  if (extent.slots > 1) box = fmt::format("{} slots of {}", extent.slots, box);
  if (buffer.copies > 1) box = fmt::format("{} copies of {}", buffer.copies, box);
  return fmt::format(
      "    {:7} {:7} at {:>12}  {:>10}  {}: {} {}\n", buffer.place == Place::device ? "device" : "pinned",
      kPhases[static_cast<std::size_t>(buffer.phase)], buffer.offset.value, bytes_text(extent.size() * buffer.copies),
      buffer.role, box, kTypes[static_cast<std::size_t>(extent.type)]);
}

std::string peak_text(const RankMemory& memory) {
  std::string text = fmt::format("    peak {}: arena {}, weights {}, workspace {}, transport {}; pinned {}\n",
                                 bytes_text(memory.device()), bytes_text(memory.arena), bytes_text(memory.weights),
                                 bytes_text(memory.workspace), bytes_text(memory.transport), bytes_text(memory.pinned));
  text += "    largest:";
  for (std::size_t i = 0; i < std::min<std::size_t>(memory.contributors.size(), 6); ++i)
    text += fmt::format("{} {} {}", i == 0 ? "" : ",", memory.contributors[i].role,
                        bytes_text(memory.contributors[i].size));
  return text + '\n';
}

// How far the buffers of each phase reach.
std::string phases_text(const Program& program, Rank rank) {
  std::string text = "    device buffers end at:";
  for (const Phase phase : {Phase::always, Phase::denoise, Phase::decode}) {
    Bytes end;
    for (const Buffer& buffer : program.buffers)
      if (buffer.rank == rank && buffer.place == Place::device && buffer.phase == phase)
        end = std::max(end, buffer.offset + buffer.extent.size() * buffer.copies);
    text += fmt::format("{} {} {}", phase == Phase::always ? "" : ",", kPhases[static_cast<std::size_t>(phase)],
                        bytes_text(end));
  }
  return text + '\n';
}

std::string rank_text(const Program& program, Rank rank) {
  std::string text;
  for (const Buffer& buffer : program.buffers)
    if (buffer.rank == rank) text += buffer_text(buffer);
  text += phases_text(program, rank);
  return index(rank) < program.memory.size() ? text + peak_text(program.memory[index(rank)]) : text;
}

}  // namespace

std::string show_memory(const Program& program) {
  std::vector<std::pair<std::vector<Rank>, std::string>> groups;
  for (int i = 0; i < program.ranks(); ++i) {
    const std::string own = rank_text(program, Rank{i});
    const auto same = std::ranges::find(groups, own, &std::pair<std::vector<Rank>, std::string>::second);
    if (same == groups.end())
      groups.push_back({{Rank{i}}, own});
    else
      same->first.push_back(Rank{i});
  }
  std::string text = "memory\n";
  for (const auto& [ranks, own] : groups) text += fmt::format("  {}\n{}", ranks_text(ranks), own);
  return text + '\n';
}

}  // namespace pipedit::program
