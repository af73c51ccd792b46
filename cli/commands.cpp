#include "cli/commands.h"

namespace pipedit::cli {

std::vector<std::unique_ptr<Command>> all_commands() {
  std::vector<std::unique_ptr<Command>> commands;
  commands.push_back(list_command());
  commands.push_back(devices_command());
  commands.push_back(profile_command());
  commands.push_back(plan_command());
  commands.push_back(show_command());
  commands.push_back(simulate_command());
  commands.push_back(run_command());
  commands.push_back(compare_command());
  return commands;
}

}  // namespace pipedit::cli
