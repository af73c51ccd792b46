#include "simulator/costs/attention_choice.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>

namespace pipedit::simulator {

namespace {

constexpr std::string_view kPrefix = "attention.";
constexpr std::size_t kKeyRows = 2;  // of the kind's sizes

using Times = std::map<std::vector<std::int64_t>, Nanos>;  // by sizes

const std::string& least(const std::map<std::string, Times>& kernels) {
  const auto sum_of = [&](const Times& times) {
    Nanos sum{0};
    for (const auto& [sizes, time] : times)
      if (std::ranges::all_of(kernels, [&sizes = sizes](const auto& other) { return other.second.contains(sizes); }))
        sum += time;
    return sum;
  };
  return std::ranges::min_element(kernels, {}, [&](const auto& kernel) { return sum_of(kernel.second); })->first;
}

}  // namespace

AttentionChoice::AttentionChoice(const Profile& profile) {
  std::map<std::int64_t, std::map<std::string, Times>> lengths;
  for (const ProfilePoint& point : profile.points)
    if (point.kind.starts_with(kPrefix) && point.dims.size() > kKeyRows)
      lengths[point.dims[kKeyRows]][point.kind.substr(kPrefix.size())][point.dims] = point.median;
  for (const auto& [length, kernels] : lengths) by_length_.emplace_back(length, least(kernels));
}

const std::string& AttentionChoice::fastest(std::int64_t key_rows) const {
  static const std::string kNone;
  if (by_length_.empty()) return kNone;
  const auto distance = [&](const auto& entry) {
    return std::abs(
        std::log(static_cast<double>(entry.first) / static_cast<double>(std::max<std::int64_t>(1, key_rows))));
  };
  return std::ranges::min_element(by_length_, {}, distance)->second;
}

}  // namespace pipedit::simulator
