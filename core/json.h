#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/file.h"

// Strict reading of JSON: every key is asked for by name, with its type; whatever was not asked for is refused.
// Only *_json.cpp files include this header (it is slow to compile).
namespace pipedit {

using Json = nlohmann::ordered_json;

// Parses text; `Json` keeps the order of keys. Throws InputError "not valid JSON at line 3, column 7" on malformed
// input, and where a key is given twice or brackets nest deeper than any of our files do.
Json parse_json(std::string_view text);

// Keys and values of a file end up in messages, and may hold anything: without control characters, and cut where long.
std::string one_line(std::string message);

// Text that a person can read and a diff can show: what fits on a line stands on one, arrays of numbers always do.
std::string to_text(const Json&);

// What `parse` makes of a file's text; its errors name the file as the user wrote it.
template <class Parse>
auto parse_file(const std::filesystem::path& path, Parse parse) {
  const std::string text = read_text(path);
  try {
    return parse(text);
  } catch (Error& e) {
    e.add_context(path.string());
    throw;
  }
}

// One JSON object being read. Paths in messages are JSON pointers ("/dit/ranks").
class Fields {
 public:
  Fields(const Json& object, std::string path);

  bool has(const char* key) const;
  std::string path(const std::string& key) const { return path_ + "/" + key; }

  std::int64_t integer(const char* key);  // required
  double number(const char* key);
  bool boolean(const char* key);
  std::string string(const char* key);
  std::string name(const char* key);  // a string without control characters: names are printed
  Fields object(const char* key);
  std::vector<Fields> objects(const char* key);  // an array of objects
  std::vector<std::int64_t> integers(const char* key);
  std::vector<double> numbers(const char* key);
  std::vector<std::string> strings(const char* key);
  const Json& raw(const char* key);  // required, any type

  // With bounds, inclusive: "/steps: expected 1 to 1000, got -3".
  std::int64_t integer(const char* key, std::int64_t low, std::int64_t high);
  double number(const char* key, double low, double high);
  std::vector<std::int64_t> integers(const char* key, std::int64_t low, std::int64_t high);

  // `fallback` where the key is missing.
  std::int64_t integer_or(std::int64_t fallback, const char* key, std::int64_t low, std::int64_t high);
  std::string string_or(const std::string& fallback, const char* key);

  // Refuses keys that nobody asked for: "/stepz: unknown key".
  void finish() const;

  [[noreturn]] void fail(const std::string& key, const std::string& message) const;

  // For a message whose own path starts here: "/shapes/0: ..." becomes "/workload/shapes/0: ...".
  InputError error(const std::string& message) const;

 private:
  const Json& at(const char* key);
  const Json* object_;
  std::string path_;
  std::set<std::string> asked_;
};

// Reads {"format": F, "version": 1..newest, ...}: checks the format first, then the version, and consumes both,
// and "made_by" if it is there. Returns the version.
int read_header(Fields&, std::string_view format, int newest);

// The opening of every file: format, version, and made_by.
Json header(std::string_view format, int version);

// The same without made_by, for what stands inside another file.
Json embedded(Json json);

// What `read` makes of the fields of a text in `format`; keys that it did not ask for are refused.
template <class Read>
auto parse_format(std::string_view text, std::string_view format, int newest, Read read) {
  const Json json = parse_json(text);
  Fields fields(json, "");
  read_header(fields, format, newest);
  auto value = read(fields);
  fields.finish();
  return value;
}

// One table from enumerators to strings serves reading and writing.
template <class Enum>
using Names = std::span<const std::pair<Enum, std::string_view>>;

template <class Enum>
std::string_view name_of(Names<Enum> names, Enum value) {
  for (const auto& [enumerator, name] : names)
    if (enumerator == value) return name;
  return "?";
}

std::string list_of_choices(const std::vector<std::string_view>& names);  // "a, b or c"

template <class Enum>
std::optional<Enum> find_name(Names<Enum> names, std::string_view text) {
  for (const auto& [enumerator, name] : names)
    if (name == text) return enumerator;
  return std::nullopt;
}

template <class Enum>
Enum read_enum(Fields& fields, const char* key, Names<Enum> names) {
  const std::string text = fields.string(key);
  if (const auto found = find_name(names, text)) return *found;
  std::vector<std::string_view> choices;
  for (const auto& entry : names) choices.push_back(entry.second);
  fields.fail(key, "expected " + list_of_choices(choices) + ", got \"" + text + "\"");
}

}  // namespace pipedit
