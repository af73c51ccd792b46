#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace pipedit::cli {

class Options;

struct About {
  std::string name;     // "simulate"
  std::string summary;  // one sentence, then whether a GPU is needed
  std::string example;  // a line that works from the root of the repository
  std::vector<std::pair<std::string, std::string>> environment = {};  // variables that it reads, and what they say
};

// One command of the program: options are declared, the command line is read, then it runs.
class Command {
 public:
  virtual ~Command() = default;
  virtual About about() const = 0;
  virtual void declare(Options&) = 0;

  // Prints the answer to stdout. Throws where there is none.
  virtual void run() = 0;
};

// In the order in which help lists them.
std::vector<std::unique_ptr<Command>> all_commands();

}  // namespace pipedit::cli
