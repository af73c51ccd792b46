#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "core/error.h"
#include "planner/constraints.h"

// "AXIS=VALUE" into constraints.
namespace pipedit::planner {

namespace {

constexpr const char* kAxes = "denoise, decode, chunks, rows, fill, lent, replicas, ranks, transport or memory";

class Setting {
 public:
  explicit Setting(std::string_view text) : text_(text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) fail("expected AXIS=VALUE, as in denoise=5");
    axis_ = text.substr(0, equals), value_ = text.substr(equals + 1);
  }

  std::string_view axis() const { return axis_; }
  [[noreturn]] void fail(const std::string& why) const { throw InputError(fmt::format("--fix {}: {}", text_, why)); }

  void integer(std::optional<int>& target, int low) const { set(target, number(value_, low)); }

  void list(std::optional<std::vector<int>>& target) const {
    std::vector<int> numbers;
    for (std::string_view rest = value_;;) {
      const std::size_t comma = rest.find(',');
      numbers.push_back(number(rest.substr(0, comma), 1));
      if (comma == std::string_view::npos) break;
      rest = rest.substr(comma + 1);
    }
    if (numbers.size() > kMostChunks) fail(fmt::format("expected at most {} chunks", kMostChunks));
    set(target, std::move(numbers));
  }

  template <class T>
  void choice(std::optional<T>& target, std::initializer_list<std::pair<std::string_view, T>> choices,
              const char* listed) const {
    for (const auto& [name, value] : choices)
      if (name == value_) return set(target, value);
    fail(fmt::format("expected {}", listed));
  }

 private:
  int number(std::string_view digits, int low) const {
    int value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size() || value < low)
      fail(fmt::format("expected a whole number from {}, got \"{}\"", low, digits));
    return value;
  }

  template <class T>
  void set(std::optional<T>& target, T value) const {
    if (target) fail("the axis is fixed twice");
    target = std::move(value);
  }

  std::string_view text_, axis_, value_;
};

}  // namespace

void fix(Constraints& constraints, std::string_view axis_and_value) {
  const Setting setting(axis_and_value);
  const std::string_view axis = setting.axis();
  if (axis == "denoise") return setting.integer(constraints.denoise, 1);
  if (axis == "decode") return setting.integer(constraints.decode, 0);
  if (axis == "lent") return setting.integer(constraints.lent, 0);
  if (axis == "replicas") return setting.integer(constraints.replicas, 1);
  if (axis == "ranks") return setting.integer(constraints.ranks, 1);
  if (axis == "chunks") return setting.list(constraints.chunks);
  if (axis == "rows") {
    setting.integer(constraints.rows, 1);
    if (std::ranges::find(kRowGroups, *constraints.rows) == std::end(kRowGroups)) setting.fail("expected 1, 2 or 4");
    return;
  }
  if (axis == "fill") return setting.choice<bool>(constraints.fill, {{"on", true}, {"off", false}}, "on or off");
  if (axis == "transport")
    return setting.choice<Transport>(constraints.transport,
                                     {{"host", Transport::host},
                                      {"peer", Transport::peer},
                                      {"nccl", Transport::nccl},
                                      {"staged", Transport::staged}},
                                     "host, peer, nccl or staged");
  if (axis == "memory")
    return setting.choice<Memory>(constraints.memory, {{"resident", Memory::resident}, {"offload", Memory::offload}},
                                  "resident or offload");
  if (axis == "ring" || axis == "cfg")
    setting.fail(fmt::format("{} is not there yet", axis == "ring" ? "ring attention" : "CFG-parallel"));
  setting.fail(fmt::format("expected one of the axes {}", kAxes));
}

}  // namespace pipedit::planner
