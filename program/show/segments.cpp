#include "program/show/segments.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "program/show/text.h"

namespace pipedit::program {

namespace {

constexpr std::string_view kLanes[] = {"compute", "send", "hand", "copy", "writer"};

struct ShapeText {
  std::string operator()(const RowsShape& s) const { return fmt::format("{} rows of {}", s.rows.size(), s.width); }
  std::string operator()(const StepsShape& s) const { return fmt::format("{} steps, {} to {}", s.steps, s.in, s.out); }
  std::string operator()(const GemmShape& s) const { return fmt::format("{} x {} x {}", s.rows, s.in, s.out); }
  std::string operator()(const ModulateShape& s) const { return fmt::format("{} x {}", s.rows, s.width); }
  std::string operator()(const PackShape& s) const {
    return fmt::format("{} rows of {} heads of {}", s.rows.size(), s.heads.size(), s.head_dim);
  }
  std::string operator()(const AttentionShape& s) const {
    std::string text = fmt::format("{} keys", s.key_rows);
    for (const AttentionItem& item : s.items)
      text += fmt::format(", heads {} rows {}", range_text(item.heads), range_text(item.rows));
    return text;
  }
  std::string operator()(const ExchangeShape&) const { return {}; }
  std::string operator()(const TileShape& s) const {
    return fmt::format("latent frames {}, rows {}, columns {}", range_text(s.frames), range_text(s.rows),
                       range_text(s.columns));
  }
  std::string operator()(const LayerShape& s) const {
    return fmt::format("frames {}, {} x {} tiles", range_text(s.frames), s.tile_rows, s.tile_columns);
  }
  std::string operator()(const BytesShape& s) const { return bytes_text(s.size); }
};

class SegmentText {
 public:
  SegmentText(const Program& program, SegmentId id) : program_(program), segment_(program.segment(id)), id_(id) {}

  std::string text() const {
    std::map<Rank, std::string> lists;
    for (const Task& task : segment_.tasks) lists[task.rank] += line(task);
    std::vector<std::pair<std::vector<Rank>, std::string>> groups;
    for (const auto& [rank, list] : lists) {
      const auto same = std::ranges::find(groups, list, &std::pair<std::vector<Rank>, std::string>::second);
      if (same == groups.end())
        groups.push_back({{rank}, list});
      else
        same->first.push_back(rank);
    }
    std::string result = fmt::format("segment {}: {} tasks, {} exchanges{}\n", name_text(program_, id_),
                                     segment_.tasks.size(), segment_.exchanges.size(), moved());
    for (const auto& [ranks, list] : groups) result += fmt::format("  {}\n{}", ranks_text(ranks), list);
    return result + '\n';
  }

 private:
  std::string line(const Task& task) const {
    const std::string about = task.kind == OpKind::exchange ? member_text(task) : std::visit(ShapeText{}, task.shape);
    std::string text =
        fmt::format("    {:7} {:20} {}", kLanes[static_cast<std::size_t>(task.lane)], label(task), about);
    if (!task.waits.empty()) text += fmt::format("; waits for {}", waits_text(task));
    return text + '\n';
  }

  // Own tasks and the peers' alike by name; equal names of several ranks once, with the ranks relative to nobody.
  std::string waits_text(const Task& task) const {
    std::map<std::string, std::vector<Rank>> peers;
    std::string text;
    const auto add = [&](const std::string& what) { text += (text.empty() ? "" : ", ") + what; };
    for (const Wait& wait : task.waits) {
      if (const auto* done = std::get_if<TaskDone>(&wait)) {
        const Task& other = segment_.tasks[index(done->task)];
        if (other.rank == task.rank)
          add(label(other));
        else
          peers[label(other)].push_back(other.rank);
      } else if (const auto* arrived = std::get_if<Arrived>(&wait)) {
        add("arrival of " + name_of_exchange(arrived->exchange));
      } else {
        const Tail& tail = std::get<Tail>(wait);
        add(fmt::format("{} lane before", kLanes[static_cast<std::size_t>(tail.lane)]));
        if (tail.rank != task.rank) text += fmt::format(" @ rank {}", index(tail.rank));
      }
    }
    for (auto& [name, ranks] : peers) add(peers_text(task.rank, name, ranks));
    return text;
  }

  // Every other rank that has such a task: said so, that ranks in the same position read the same.
  std::string peers_text(Rank own, const std::string& name, std::vector<Rank>& ranks) const {
    std::ranges::sort(ranks);
    std::size_t others = 0;
    for (const Task& task : segment_.tasks) others += task.rank != own && label(task) == name ? 1 : 0;
    if (others == ranks.size()) return name + " @ all others";
    return fmt::format("{} @ {}", name, ranks_text(ranks));
  }

  std::string member_text(const Task& task) const {
    const ExchangeId id = std::get<ExchangeShape>(task.shape).exchange;
    Bytes out, in, local;
    int sent = 0, received = 0;
    for (const Part& part : segment_.exchanges[index(id)].parts) {
      const Bytes bytes = bytes_of(program_, part.source);
      if (part.from == task.rank && part.to == task.rank) {
        local += bytes;
      } else if (part.from == task.rank) {
        out += bytes, ++sent;
      } else if (part.to == task.rank) {
        in += bytes, ++received;
      }
    }
    std::string text = fmt::format("{} parts out {}, {} parts in {}", sent, bytes_text(out), received, bytes_text(in));
    if (local.value > 0) text += fmt::format(", local {}", bytes_text(local));
    return text;
  }

  std::string name_of_exchange(ExchangeId id) const {
    for (const Task& task : segment_.tasks)
      if (const auto* shape = std::get_if<ExchangeShape>(&task.shape); shape != nullptr && shape->exchange == id)
        return label(task);
    return fmt::format("exchange {}", index(id));
  }

  std::string moved() const {
    Bytes sum;
    for (const Exchange& exchange : segment_.exchanges)
      for (const Part& part : exchange.parts)
        if (part.from != part.to) sum += bytes_of(program_, part.source);
    return sum.value > 0 ? fmt::format(", {} between ranks", bytes_text(sum)) : "";
  }

  const Program& program_;
  const Segment& segment_;
  SegmentId id_;
};

}  // namespace

std::string show_segment(const Program& program, SegmentId id) { return SegmentText(program, id).text(); }

}  // namespace pipedit::program
