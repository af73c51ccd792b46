#pragma once

#include <memory>

#include "cli/command.h"

// One file a command.
namespace pipedit::cli {

std::unique_ptr<Command> list_command();
std::unique_ptr<Command> devices_command();
std::unique_ptr<Command> profile_command();
std::unique_ptr<Command> plan_command();
std::unique_ptr<Command> show_command();
std::unique_ptr<Command> simulate_command();
std::unique_ptr<Command> run_command();
std::unique_ptr<Command> compare_command();

}  // namespace pipedit::cli
