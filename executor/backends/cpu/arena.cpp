#include "executor/backends/cpu/arena.h"

#include <cstring>

#include <sys/mman.h>

#include <fmt/format.h>

#include "core/error.h"

namespace pipedit::executor {

namespace {

constexpr int kNaN = 0xFF;  // all bits set is a NaN in f32 and in bf16

}  // namespace

Arena::Arena(Bytes size, bool poison) {
  if (size.value == 0) return;
  constexpr auto kPage = static_cast<std::size_t>(kAlignment);
  const std::size_t whole = (static_cast<std::size_t>(size.value) + kPage - 1) / kPage * kPage;
  auto* block = ::operator new[](whole, kAlignment, std::nothrow);
  if (block == nullptr) throw Error(fmt::format("no memory for an arena of {} bytes", size.value));
  data_.reset(static_cast<std::byte*>(block));
  ::madvise(block, whole, MADV_HUGEPAGE);  // a wish
  std::memset(block, poison ? kNaN : 0, static_cast<std::size_t>(size.value));
}

}  // namespace pipedit::executor
