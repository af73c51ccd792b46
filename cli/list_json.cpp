#include "cli/json_answers.h"
#include "core/json.h"

namespace pipedit::cli {

std::string json_of(const std::vector<NamesOfKind>& lists) {
  Json answer = Json::object();
  for (const NamesOfKind& list : lists) answer[list.kind] = list.names;
  return to_text(answer);
}

}  // namespace pipedit::cli
