#include "core/json.h"

#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "core/version.h"

namespace pipedit {

namespace {

std::string kind_of(const Json& value) { return value.is_number_float() ? "a fraction" : std::string(value.type_name()); }

template <class Id>
Id expect(const Fields& fields, const char* key, bool matches, const Json& value, const char* expected) {
  if (!matches) fields.fail(key, fmt::format("expected {}, got {}", expected, kind_of(value)));
  return value.get<Id>();
}

}  // namespace

Json parse_json(std::string_view text) try {
  return Json::parse(text);
} catch (const Json::parse_error& e) {
  const std::size_t end = std::min<std::size_t>(e.byte > 0 ? e.byte - 1 : 0, text.size());
  const std::string_view before = text.substr(0, end);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const auto newline = before.rfind('\n');
  const auto column = newline == std::string_view::npos ? end + 1 : end - newline;
  throw InputError(fmt::format("not valid JSON at line {}, column {}", line, column));
} catch (const Json::exception& e) {
  throw InputError(fmt::format("not valid JSON: {}", e.what()));
}

std::string read_text(const std::filesystem::path& path) {
  std::error_code code;
  if (std::filesystem::is_directory(path, code)) throw InputError(fmt::format("{}: is a folder, not a file", path.string()));
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) throw InputError(fmt::format("{}: {}", path.string(), std::strerror(errno != 0 ? errno : ENOENT)));
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

void write_text(const std::filesystem::path& path, std::string_view text) {
  const std::filesystem::path temporary = path.string() + fmt::format(".{}.part", ::getpid());
  errno = 0;
  std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.close();
  std::error_code code;
  if (out) std::filesystem::rename(temporary, path, code);
  if (out && !code) return;
  const std::string reason = code ? code.message() : std::strerror(errno != 0 ? errno : EIO);
  std::filesystem::remove(temporary, code);
  throw InputError(fmt::format("{}: cannot be written: {}", path.string(), reason));
}

Fields::Fields(const Json& object, std::string path) : object_(&object), path_(std::move(path)) {
  if (!object.is_object())
    throw InputError(fmt::format("{}: expected an object, got {}", path_.empty() ? "/" : path_, kind_of(object)));
}

void Fields::fail(const std::string& key, const std::string& message) const {
  throw InputError(fmt::format("{}: {}", path(key), message));
}

bool Fields::has(const char* key) const { return object_->contains(key); }

const Json& Fields::at(const char* key) {
  asked_.insert(key);
  const auto found = object_->find(key);
  if (found == object_->end()) fail(key, "missing");
  return *found;
}

const Json& Fields::raw(const char* key) { return at(key); }

std::int64_t Fields::integer(const char* key) {
  const Json& value = at(key);
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX))
    fail(key, "too large");
  return expect<std::int64_t>(*this, key, value.is_number_integer(), value, "an integer");
}

double Fields::number(const char* key) {
  const Json& value = at(key);
  return expect<double>(*this, key, value.is_number(), value, "a number");
}

bool Fields::boolean(const char* key) {
  const Json& value = at(key);
  return expect<bool>(*this, key, value.is_boolean(), value, "true or false");
}

std::string Fields::string(const char* key) {
  const Json& value = at(key);
  return expect<std::string>(*this, key, value.is_string(), value, "a string");
}

Fields Fields::object(const char* key) { return {at(key), path(key)}; }

namespace {

// Each element of an array as a one-key object would read it, with the element's own path in messages.
template <class Read>
auto read_array(const Fields& fields, const char* key, const Json& array, Read read) {
  if (!array.is_array()) fields.fail(key, fmt::format("expected an array, got {}", kind_of(array)));
  std::vector<decltype(read(array, std::string()))> values;
  for (std::size_t i = 0; i < array.size(); ++i) values.push_back(read(array[i], fmt::format("{}/{}", key, i)));
  return values;
}

}  // namespace

std::vector<Fields> Fields::objects(const char* key) {
  return read_array(*this, key, at(key), [&](const Json& v, const std::string& name) { return Fields(v, path(name)); });
}

std::vector<std::int64_t> Fields::integers(const char* key) {
  return read_array(*this, key, at(key), [&](const Json& v, const std::string& name) {
    return expect<std::int64_t>(*this, name.c_str(), v.is_number_integer(), v, "an integer");
  });
}

std::vector<double> Fields::numbers(const char* key) {
  return read_array(*this, key, at(key), [&](const Json& v, const std::string& name) {
    return expect<double>(*this, name.c_str(), v.is_number(), v, "a number");
  });
}

std::vector<std::string> Fields::strings(const char* key) {
  return read_array(*this, key, at(key), [&](const Json& v, const std::string& name) {
    return expect<std::string>(*this, name.c_str(), v.is_string(), v, "a string");
  });
}

std::int64_t Fields::integer(const char* key, std::int64_t low, std::int64_t high) {
  const std::int64_t value = integer(key);
  if (value < low || value > high) fail(key, fmt::format("expected {} to {}, got {}", low, high, value));
  return value;
}

double Fields::number(const char* key, double low, double high) {
  const double value = number(key);
  if (!(value >= low && value <= high)) fail(key, fmt::format("expected {} to {}, got {}", low, high, value));
  return value;
}

void Fields::finish() const {
  for (const auto& [key, value] : object_->items())
    if (!asked_.contains(key)) fail(key, "unknown key");
}

int read_header(Fields& fields, std::string_view format, int newest) {
  const std::string found = fields.string("format");
  if (found != format) fields.fail("format", fmt::format("expected \"{}\", got \"{}\"", format, found));
  const std::int64_t version = fields.integer("version");
  if (version < 1 || version > newest)
    fields.fail("version", fmt::format("this program reads versions 1 to {}, the file has {}", newest, version));
  if (fields.has("made_by")) fields.raw("made_by");
  return static_cast<int>(version);
}

Json header(std::string_view format, int version) {
  Json json;
  json["format"] = format;
  json["version"] = version;
  json["made_by"] = fmt::format("pipedit {}", kVersion);
  return json;
}

std::string list_of_choices(const std::vector<std::string_view>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
    text += names[i];
  }
  return text;
}

}  // namespace pipedit
