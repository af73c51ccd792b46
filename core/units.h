#pragma once

#include <chrono>
#include <cmath>
#include <compare>
#include <cstdint>

namespace pipedit {

using Nanos = std::chrono::nanoseconds;  // every simulated or measured duration
using namespace std::chrono_literals;

// An integral quantity of one kind: Bytes + Flops does not compile.
template <class Tag>
struct Count {
  std::int64_t value = 0;
  friend constexpr Count operator+(Count a, Count b) { return {a.value + b.value}; }
  friend constexpr Count operator-(Count a, Count b) { return {a.value - b.value}; }
  friend constexpr Count operator*(Count a, std::int64_t n) { return {a.value * n}; }
  constexpr Count& operator+=(Count other) {
    value += other.value;
    return *this;
  }
  friend constexpr auto operator<=>(Count, Count) = default;
};
using Bytes = Count<struct BytesTag>;
using Flops = Count<struct FlopsTag>;

struct BytesPerSecond {
  double value = 0;
  friend auto operator<=>(BytesPerSecond, BytesPerSecond) = default;
};
struct FlopsPerSecond {
  double value = 0;
  friend auto operator<=>(FlopsPerSecond, FlopsPerSecond) = default;
};

inline Nanos operator/(Bytes size, BytesPerSecond rate) {
  return Nanos{std::llround(1e9 * static_cast<double>(size.value) / rate.value)};
}
inline Nanos operator/(Flops work, FlopsPerSecond rate) {
  return Nanos{std::llround(1e9 * static_cast<double>(work.value) / rate.value)};
}

// A half-open interval of indices: rows, heads, slots, latents.
struct Range {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  constexpr std::int64_t size() const { return end - begin; }
  constexpr bool empty() const { return end <= begin; }
  friend constexpr auto operator<=>(Range, Range) = default;
};

constexpr Range intersect(Range a, Range b) {
  const std::int64_t begin = a.begin > b.begin ? a.begin : b.begin;
  const std::int64_t end = a.end < b.end ? a.end : b.end;
  return {begin, end > begin ? end : begin};
}

}  // namespace pipedit
