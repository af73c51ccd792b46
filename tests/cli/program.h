#pragma once

#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/core/temporary_folder.h"

// The program `pipedit`, run as its users run it.
namespace pipedit::cli_test {

struct Outcome {
  int code = -1;  // exit code; 128 + signal where it did not exit
  std::string out, err;
  double seconds = 0;
};

struct Setting {
  std::filesystem::path folder;                 // working directory; empty: a new one of its own
  std::vector<std::string> environment = {};    // "NAME=value", on top of the test's own
  int interrupt_after_ms = 0;                   // sends `signal`; 0: never
  int signal = SIGINT;                          // Ctrl-C
  std::filesystem::path interrupt_behind = {};  // from when this file is there; empty: from the start
  std::filesystem::path standard_output = {};   // where stdout goes; empty: into Outcome::out
};

Outcome pipedit(const std::vector<std::string>& arguments, const Setting& = {});

// The last line of a text that ends in a newline, without it.
std::string last_line(const std::string& text);

std::string text_of(const std::filesystem::path&);
void write(const std::filesystem::path&, const std::string& text);

}  // namespace pipedit::cli_test
