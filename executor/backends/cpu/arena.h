#pragma once

#include <cstddef>
#include <memory>
#include <new>

#include "core/units.h"

namespace pipedit::executor {

// One block of memory of whole huge pages, where the system has them: which small pages a run is given decides how they
// share a cache, and with it how long a copy takes. Zero, or poisoned: every float in it is a NaN.
class Arena {
 public:
  // Throws Error where memory does not suffice.
  Arena(Bytes size, bool poison);
  std::byte* data() const { return data_.get(); }

 private:
  static constexpr std::align_val_t kAlignment{std::size_t{2} << 20};
  struct Free {
    void operator()(std::byte* data) const { ::operator delete[](data, kAlignment); }
  };
  std::unique_ptr<std::byte[], Free> data_;
};

}  // namespace pipedit::executor
