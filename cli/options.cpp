#include "cli/options.h"

#include <charconv>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include "cli/quantities.h"
#include "core/error.h"
#include "core/file.h"

namespace pipedit::cli {

namespace {

std::int64_t to_integer(const std::string& name, const std::string& text, std::int64_t low, std::int64_t high) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || error == std::errc::invalid_argument)
    throw InputError(fmt::format("{}: expected an integer, got \"{}\"", name, text));
  if (error != std::errc{} || value < low || value > high)
    throw InputError(fmt::format("{}: expected {} to {}, got {}", name, low, high, text));
  return value;
}

// "--output" of "-o,--output".
std::string long_name(const std::string& names) { return names.substr(names.rfind(',') + 1); }

}  // namespace

void Options::add(Declared option, const std::function<void(const std::string&)>& take) {
  app_.add_option_function<std::string>(option.names, take);
  declared_.push_back(std::move(option));
}

void Options::flag(const std::string& names, bool& value, const std::string& help) {
  app_.add_flag(names, value);
  declared_.push_back({names, "", help, "", false});
}

void Options::text(const std::string& names, const std::string& takes, std::string& value, const std::string& help) {
  add({names, takes, help, value, false}, [&value](const std::string& given) { value = given; });
}

void Options::texts(const std::string& names, const std::string& takes, std::vector<std::string>& values,
                    const std::string& help) {
  app_.add_option(names, values)->expected(1, CLI::detail::expected_max_vector_size);
  declared_.push_back({names, takes + " ..", help, "", false});
}

void Options::input(const std::string& names, const std::string& takes, std::string& value, const std::string& help) {
  text(names, takes, value, help);
  inputs_.push_back(&value);
}

void Options::output(const std::string& names, const std::string& takes, std::string& value, const std::string& help) {
  text(names, takes, value, help);
  outputs_.push_back(&value);
}

void Options::check_outputs() const {
  std::vector<std::filesystem::path> read, written;
  for (const std::string* input : inputs_)
    if (!input->empty()) read.emplace_back(*input);
  for (const std::string* output : outputs_) {
    if (output->empty()) continue;
    check_writable(*output, read);
    for (const std::filesystem::path& other : written)
      if (is_same_file(*output, other)) throw InputError(*output + ": cannot be written: is given for two outputs");
    written.emplace_back(*output);
  }
}

void Options::choice(const std::string& names, std::string& value, const std::vector<std::string>& choices,
                     const std::string& help) {
  const auto take = [&value, choices, name = long_name(names)](const std::string& given) {
    if (std::find(choices.begin(), choices.end(), given) == choices.end())
      throw InputError(fmt::format("{}: expected {}, got \"{}\"", name, fmt::join(choices, ", "), given));
    value = given;
  };
  add({names, fmt::format("{}", fmt::join(choices, "|")), help, value, false}, take);
}

void Options::integer(const std::string& names, const std::string& takes, std::optional<std::int64_t>& value,
                      std::int64_t low, std::int64_t high, const std::string& help) {
  const auto take = [&value, low, high, name = long_name(names)](const std::string& given) {
    value = to_integer(name, given, low, high);
  };
  add({names, takes, help, value ? std::to_string(*value) : "", false}, take);
}

void Options::integer(const std::string& names, const std::string& takes, std::int64_t& value, std::int64_t low,
                      std::int64_t high, const std::string& help) {
  const auto take = [&value, low, high, name = long_name(names)](const std::string& given) {
    value = to_integer(name, given, low, high);
  };
  add({names, takes, help, std::to_string(value), false}, take);
}

void Options::size(const std::string& names, std::optional<Bytes>& value, const std::string& help) {
  const auto take = [&value, name = long_name(names)](const std::string& given) {
    const auto bytes = parse_bytes(given);
    if (!bytes) throw InputError(fmt::format("{}: expected a size such as 70GiB or 80GB, got \"{}\"", name, given));
    value = bytes;
  };
  add({names, "SIZE", help, value ? to_text(*value) : "", false}, take);
}

void Options::required() {
  declared_.back().required = true;
  app_.get_option(long_name(declared_.back().names))->required();
}

}  // namespace pipedit::cli
