#include "cli/json_answers.h"
#include "core/json.h"
#include "core/version.h"

namespace pipedit::cli {

std::string json_of(const Machine& machine, const std::vector<std::string>& warnings) {
  Json answer = Json::object();
  answer["cpu"] = machine.cpu;
  answer["cores"] = machine.cores;
  answer["memory_bytes"] = machine.memory.value;
  answer["gpus"] = machine.gpus;
  answer["driver"] = machine.driver;
  answer["kernel"] = machine.kernel;
  answer["pipedit"] = kVersion;
  answer["warnings"] = warnings;
  return to_text(answer);
}

}  // namespace pipedit::cli
