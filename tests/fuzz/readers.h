#pragma once

#include <ostream>
#include <random>
#include <string>
#include <vector>

namespace pipedit::fuzz {

// A reader of files as the fuzz test sees it.
struct Reader {
  std::string name;
  std::string (*sample)(std::mt19937_64&);          // a valid file
  std::string (*rewrite)(const std::string& text);  // what is written of what was read
};

// How GoogleTest names a parameter: without it, by bytes that differ from run to run.
inline void PrintTo(const Reader& reader, std::ostream* out) { *out << reader.name; }

// Every reader there is: one line each.
std::vector<Reader> readers();

}  // namespace pipedit::fuzz
