#include "cli/quantities.h"

#include <array>
#include <cmath>
#include <sstream>

#include <fmt/format.h>

namespace pipedit::cli {

namespace {

struct Unit {
  std::string_view name;
  double bytes;
};
constexpr Unit kUnits[] = {
    {"B", 1.0},  {"KiB", 1024.0}, {"MiB", 1048576.0}, {"GiB", 1073741824.0}, {"TiB", 1099511627776.0},
    {"kB", 1e3}, {"KB", 1e3},     {"MB", 1e6},        {"GB", 1e9},           {"TB", 1e12}};

// A stream reads numbers as "C" does, whatever the locale, and says how far it got.
std::optional<double> read_number(std::istringstream& in) {
  in.imbue(std::locale::classic());
  double value = 0;
  if (!(in >> value)) return std::nullopt;
  return value;
}

}  // namespace

std::optional<Bytes> parse_bytes(std::string_view text) {
  const std::size_t letters = text.find_last_of("0123456789. ");
  if (letters == std::string_view::npos) return std::nullopt;
  const std::string_view name = text.substr(letters + 1);
  std::istringstream in{std::string(text.substr(0, letters + 1))};
  const auto number = read_number(in);
  if (!number || !(in >> std::ws).eof()) return std::nullopt;
  for (const Unit& unit : kUnits) {
    const double bytes = *number * unit.bytes;
    if (unit.name == name && bytes >= 1 && bytes < 9e18) return Bytes{std::llround(bytes)};
  }
  return std::nullopt;
}

std::optional<std::pair<int, int>> parse_extent(std::string_view text) {
  std::istringstream in{std::string(text)};
  int width = 0, height = 0;
  char cross = 0;
  if (!(in >> width >> cross >> height) || (cross != 'x' && cross != 'X') || in.peek() != EOF) return std::nullopt;
  return std::pair(width, height);
}

std::string to_text(Bytes size) {
  constexpr std::array<std::string_view, 5> names = {"B", "KiB", "MiB", "GiB", "TiB"};
  double value = static_cast<double>(size.value);
  std::size_t unit = 0;
  for (; unit + 1 < names.size() && std::abs(value) >= 1024; ++unit) value /= 1024;
  return unit == 0 ? fmt::format("{} B", size.value) : fmt::format("{:.1f} {}", value, names[unit]);
}

std::string to_text(Nanos time) {
  const double nanos = static_cast<double>(time.count());
  if (nanos < 1e3) return fmt::format("{} ns", time.count());
  if (nanos < 1e6) return fmt::format("{:.3g} us", nanos / 1e3);
  if (nanos < 1e9) return fmt::format("{:.{}f} ms", nanos / 1e6, nanos < 1e7 ? 2 : 1);
  if (nanos < 600e9) return fmt::format("{:.{}f} s", nanos / 1e9, nanos < 1e10 ? 3 : 2);
  const auto seconds = std::llround(nanos / 1e9);
  if (seconds < 7200) return fmt::format("{} min {:02} s", seconds / 60, seconds % 60);
  return fmt::format("{} h {:02} min", seconds / 3600, seconds / 60 % 60);
}

std::string duration(Nanos time) {
  const double seconds = static_cast<double>(time.count()) / 1e9;
  if (seconds < 120) return fmt::format("{:.0f} s", seconds);
  return seconds < 7200 ? fmt::format("{:.0f} min", seconds / 60) : fmt::format("{:.1f} h", seconds / 3600);
}

std::string percent(double fraction) { return fmt::format("{:+.1f} %", 100 * fraction); }

std::string share(double fraction) { return fmt::format("{:.1f} %", 100 * fraction); }

}  // namespace pipedit::cli
