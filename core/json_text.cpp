#include "core/json.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/json_check.h"

namespace pipedit {

namespace {

constexpr std::size_t kLine = 110;

std::string flat(const Json& value) {
  if (!value.is_structured()) return value.dump();
  const bool object = value.is_object();
  std::string text(1, object ? '{' : '[');
  for (const auto& [key, element] : value.items()) {
    if (text.size() > 1) text += ", ";
    if (object) text.append(Json(key).dump()).append(": ");
    text += flat(element);
  }
  text += object ? '}' : ']';
  return text;
}

bool holds_structure(const Json& value) {
  return std::any_of(value.begin(), value.end(), [](const Json& element) { return element.is_structured(); });
}

void print(std::string& out, const Json& value, std::size_t indent) {
  const std::string line = flat(value);
  const bool breaks = value.is_object() || (value.is_array() && holds_structure(value));
  if (!breaks || (indent > 0 && indent + line.size() <= kLine)) {
    out += line;
    return;
  }
  const bool object = value.is_object();
  const std::string margin(indent, ' ');
  out += object ? '{' : '[';
  std::size_t left = value.size();
  for (const auto& [key, element] : value.items()) {
    out.append("\n  ").append(margin);
    if (object) out.append(Json(key).dump()).append(": ");
    print(out, element, indent + 2);
    if (--left > 0) out += ',';
  }
  out.append("\n").append(margin) += object ? '}' : ']';
}

}  // namespace

std::string one_line(std::string message) {
  constexpr std::size_t kMost = 400;
  if (message.size() > kMost) {
    std::size_t end = kMost;
    while ((static_cast<unsigned char>(message[end]) & 0xc0U) == 0x80U) --end;  // not inside a letter
    message.resize(end);
    message += "...";
  }
  std::replace_if(
      message.begin(), message.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  return message;
}

Json parse_json(std::string_view text) try {
  check_json(text);
  return Json::parse(text);
} catch (const Json::parse_error& e) {
  const std::size_t end = std::min<std::size_t>(e.byte > 0 ? e.byte - 1 : 0, text.size());
  const std::string_view before = text.substr(0, end);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const auto newline = before.rfind('\n');
  const auto column = newline == std::string_view::npos ? end + 1 : end - newline;
  throw InputError(fmt::format("not valid JSON at line {}, column {}", line, column));
} catch (const Json::exception& e) {
  const std::string_view what = e.what();  // "[json.exception.out_of_range.406] number overflow ..."
  throw InputError(one_line(fmt::format("not valid JSON: {}", what.substr(what.find(' ') + 1))));
}

std::string to_text(const Json& value) {
  std::string text;
  print(text, value, 0);
  return text + "\n";
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
