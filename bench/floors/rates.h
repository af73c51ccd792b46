#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/units.h"
#include "core/workload.h"
#include "models/model.h"

// What a GPU does at best: the denominators of floors, measured in the same run as what they are compared with.
namespace pipedit::bench {

struct Rate {
  std::string what;       // "119056 x 3072 x 12288"
  double per_second = 0;  // floating-point operations, or bytes read and written; 0: not supported
};

struct Rates {
  std::vector<Rate> products;   // the model's linear layers over the rows of the shapes
  std::vector<Rate> attention;  // all heads of the model over the rows of the shapes, by every kernel there is
  std::vector<Rate>
      convolutions;          // 3 x 3 x 3 of the decoder in both memory layouts, with cuDNN's own choice and searched
  std::vector<Rate> copies;  // of device memory
};
Rate best(const std::vector<Rate>&);

// In bf16 on the first GPU; takes up to 8 GB of its memory and gives it back. Without the shared object of fa3-fwd (an
// empty path) that attention kernel is left out.
Rates measure_rates(const models::Model&, const std::vector<RequestShape>&, const std::filesystem::path& fa3_library);

// Rows of the joint sequence.
std::int64_t rows_of(const models::Model&, const RequestShape&);

}  // namespace pipedit::bench
