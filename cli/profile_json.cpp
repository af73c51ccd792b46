#include "cli/json_answers.h"
#include "cli/profile_text.h"
#include "core/json.h"

namespace pipedit::cli {

std::string json_of(const Profile& profile) {
  Json answer = Json::object();
  answer["model"] = profile.model;
  answer["points"] = profile.points.size();
  answer["kinds"] = Json::object();
  for (const ProfiledKind& kind : kinds_of(profile))
    answer["kinds"][kind.kind] = {{"points", kind.points},
                                  {"shortest_ns", kind.shortest.count()},
                                  {"longest_ns", kind.longest.count()},
                                  {"spread", kind.spread}};
  return to_text(answer);
}

}  // namespace pipedit::cli
