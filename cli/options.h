#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/units.h"

namespace CLI {
class App;
}

namespace pipedit::cli {

// One option, as help shows it.
struct Declared {
  std::string names;  // "-o,--output"; without dashes where it is given by place
  std::string takes;  // "WxH", "N"; empty for a flag
  std::string help;
  std::string fallback;  // what holds where it is not given; empty: nothing does
  bool required = false;
};

// The options of one command. Each is declared once, with its name, what it takes, its help and, in the variable, its
// default. What is given is checked while the command line is read; the message names the option.
class Options {
 public:
  explicit Options(CLI::App& app) : app_(app) {}

  void flag(const std::string& names, bool& value, const std::string& help);
  void text(const std::string& names, const std::string& takes, std::string& value, const std::string& help);
  void texts(const std::string& names, const std::string& takes, std::vector<std::string>& values,
             const std::string& help);
  // Files that the command reads and writes.
  void input(const std::string& names, const std::string& takes, std::string& value, const std::string& help);
  void output(const std::string& names, const std::string& takes, std::string& value, const std::string& help);
  void choice(const std::string& names, std::string& value, const std::vector<std::string>& choices,
              const std::string& help);
  void integer(const std::string& names, const std::string& takes, std::optional<std::int64_t>& value, std::int64_t low,
               std::int64_t high, const std::string& help);
  void integer(const std::string& names, const std::string& takes, std::int64_t& value, std::int64_t low,
               std::int64_t high, const std::string& help);
  void size(const std::string& names, std::optional<Bytes>& value, const std::string& help);

  // The option declared last has to be given.
  void required();

  // Throws InputError where a file that is given to be written cannot be, or is another one of these: before long work.
  void check_outputs() const;

  const std::vector<Declared>& declared() const { return declared_; }

 private:
  void add(Declared option, const std::function<void(const std::string&)>& take);

  CLI::App& app_;
  std::vector<Declared> declared_;
  std::vector<const std::string*> inputs_, outputs_;
};

}  // namespace pipedit::cli
