#include "cli/attention_kernel.h"

#include <algorithm>

#include "program/lower/context.h"
#include "simulator/costs/attention_choice.h"

namespace pipedit::cli {

std::string attention_kernel(const Profile& profile, const models::Model& model, const Workload& workload) {
  std::int64_t longest = 0;
  for (const RequestShape& shape : workload.shapes) {
    const auto sizes = program::lowering::sizes_of(model, shape);
    longest = std::max(longest, sizes.video_rows + sizes.text_rows);
  }
  const std::string fastest = simulator::AttentionChoice(profile).fastest(longest);
  return fastest.empty() ? "auto" : fastest;
}

}  // namespace pipedit::cli
