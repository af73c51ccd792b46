#include "core/json.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/made_by.h"

namespace pipedit {

namespace {

std::string kind_of(const Json& value) {
  return value.is_number_float() ? "a fraction" : std::string(value.type_name());
}

template <class Value>
Value expect(const Fields& fields, const std::string& key, bool matches, const Json& value, const char* expected) {
  if (!matches) fields.fail(key, fmt::format("expected {}, got {}", expected, kind_of(value)));
  return value.get<Value>();
}

std::int64_t expect_integer(const Fields& fields, const std::string& key, const Json& value) {
  constexpr double kTooLarge = 0x1p63;  // the parser takes an integer that no 64 bits hold for a fraction
  if (value.is_number() && std::abs(value.get<double>()) >= kTooLarge) fields.fail(key, "too large");
  return expect<std::int64_t>(fields, key, value.is_number_integer(), value, "an integer");
}

}  // namespace

Fields::Fields(const Json& object, std::string path) : object_(&object), path_(std::move(path)) {
  if (!object.is_object())
    throw InputError(
        one_line(fmt::format("{}: expected an object, got {}", path_.empty() ? "/" : path_, kind_of(object))));
}

void Fields::fail(const std::string& key, const std::string& message) const {
  throw error(fmt::format("/{}: {}", key, message));
}

InputError Fields::error(const std::string& message) const { return InputError(one_line(path_ + message)); }

bool Fields::has(const char* key) const { return object_->contains(key); }

const Json& Fields::at(const char* key) {
  asked_.insert(key);
  const auto found = object_->find(key);
  if (found == object_->end()) fail(key, "missing");
  return *found;
}

const Json& Fields::raw(const char* key) { return at(key); }

std::int64_t Fields::integer(const char* key) { return expect_integer(*this, key, at(key)); }

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

std::string Fields::name(const char* key) {
  std::string text = string(key);
  if (std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
    fail(key, fmt::format("expected no control characters, got {}", Json(text).dump()));
  return text;
}

Fields Fields::object(const char* key) { return {at(key), path(key)}; }

namespace {

// read(element, its key in messages), element by element. The key is a function: most elements need none.
template <class Read>
auto read_array(const Fields& fields, const char* key, const Json& array, Read read) {
  if (!array.is_array()) fields.fail(key, fmt::format("expected an array, got {}", kind_of(array)));
  std::vector<decltype(read(array, [] { return std::string(); }))> values;
  values.reserve(array.size());
  for (std::size_t i = 0; i < array.size(); ++i)
    values.push_back(read(array[i], [&] { return fmt::format("{}/{}", key, i); }));
  return values;
}

std::int64_t checked(const Fields& fields, const std::string& key, std::int64_t value, std::int64_t low,
                     std::int64_t high) {
  if (value < low || value > high) fields.fail(key, fmt::format("expected {} to {}, got {}", low, high, value));
  return value;
}

}  // namespace

std::vector<Fields> Fields::objects(const char* key) {
  return read_array(*this, key, at(key), [&](const Json& v, auto name) { return Fields(v, path(name())); });
}

std::vector<std::int64_t> Fields::integers(const char* key) { return integers(key, INT64_MIN, INT64_MAX); }

std::vector<std::int64_t> Fields::integers(const char* key, std::int64_t low, std::int64_t high) {
  return read_array(*this, key, at(key), [&](const Json& v, auto name) {
    const auto* value = v.get_ptr<const Json::number_integer_t*>();  // null where it is no integer
    const bool fits = value != nullptr && (*value >= 0 || !v.is_number_unsigned()) && *value >= low && *value <= high;
    return fits ? *value : checked(*this, name(), expect_integer(*this, name(), v), low, high);
  });
}

std::vector<double> Fields::numbers(const char* key) {
  return read_array(*this, key, at(key), [&](const Json& v, auto name) {
    return expect<double>(*this, name(), v.is_number(), v, "a number");
  });
}

std::vector<std::string> Fields::strings(const char* key) {
  return read_array(*this, key, at(key), [&](const Json& v, auto name) {
    return expect<std::string>(*this, v.is_string() ? key : name(), v.is_string(), v, "a string");
  });
}

std::int64_t Fields::integer(const char* key, std::int64_t low, std::int64_t high) {
  return checked(*this, key, integer(key), low, high);
}

std::int64_t Fields::integer_or(std::int64_t fallback, const char* key, std::int64_t low, std::int64_t high) {
  return has(key) ? integer(key, low, high) : fallback;
}

std::string Fields::string_or(const std::string& fallback, const char* key) {
  return has(key) ? string(key) : fallback;
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
  json["made_by"] = {{"pipedit", made_by().version}, {"commit", made_by().commit}, {"machine", made_by().machine}};
  return json;
}

Json embedded(Json json) {
  json.erase("made_by");
  return json;
}

}  // namespace pipedit
