#include "cli/attention_kernel.h"

#include <algorithm>

#include "simulator/costs/attention_choice.h"

namespace pipedit::cli {

namespace {

std::int64_t tokens_of(const RequestShape& shape, const models::DitConfig& dit) {
  const std::int64_t frames = (shape.frames - 1) / models::kTimeCompression + 1;
  const std::int64_t rows = shape.height / models::kSpaceCompression, columns = shape.width / models::kSpaceCompression;
  return frames / dit.patch_size[0] * (rows / dit.patch_size[1]) * (columns / dit.patch_size[2]) + shape.text_tokens;
}

}  // namespace

std::string attention_kernel(const Profile& profile, const models::Model& model, const Workload& workload) {
  std::int64_t longest = 0;
  for (const RequestShape& shape : workload.shapes) longest = std::max(longest, tokens_of(shape, model.dit));
  const std::string fastest = simulator::AttentionChoice(profile).fastest(longest);
  return fastest.empty() ? "auto" : fastest;
}

}  // namespace pipedit::cli
