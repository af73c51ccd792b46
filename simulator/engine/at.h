#pragma once

#include <cstddef>

namespace pipedit::simulator {

// What a vector holds for an id: ids here are ints and enumerators, never negative.
template <class Vector, class Id>
constexpr decltype(auto) at(Vector& vector, Id id) {
  return (vector[static_cast<std::size_t>(id)]);
}

}  // namespace pipedit::simulator
