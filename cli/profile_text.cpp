#include "cli/profile_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/quantities.h"
#include "cli/table.h"

namespace pipedit::cli {

std::vector<ProfiledKind> kinds_of(const Profile& profile) {
  std::vector<ProfiledKind> kinds;
  for (const ProfilePoint& point : profile.points) {
    if (kinds.empty() || kinds.back().kind != point.kind)
      kinds.push_back({point.kind, 0, point.median, point.median, 0});
    ProfiledKind& kind = kinds.back();
    ++kind.points;
    kind.shortest = std::min(kind.shortest, point.median);
    kind.longest = std::max(kind.longest, point.median);
    const double spread = static_cast<double>((point.high - point.low).count());
    kind.spread += (spread / std::max(1.0, static_cast<double>(point.median.count())) - kind.spread) / kind.points;
  }
  return kinds;
}

std::string text_of(const Profile& profile, const std::string& file) {
  using enum Table::Align;
  Table table({{"kind"}, {"points", right}, {"shortest", right}, {"longest", right}, {"spread_%", right}});
  for (const ProfiledKind& kind : kinds_of(profile))
    table.add({kind.kind, std::to_string(kind.points), to_text(kind.shortest), to_text(kind.longest),
               fmt::format("{:.1f}", 100 * kind.spread)});
  return fmt::format(
      "# profile {} | {} | {} points\n{}\nSpread: between quartiles, over the median; the mean of a kind.\n", file,
      profile.model, profile.points.size(), table.text());
}

}  // namespace pipedit::cli
