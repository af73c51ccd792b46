#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/profile.h"

namespace pipedit::simulator {

// Which kernel computes attention fastest, by length, as a profile that holds several says ("attention.fa3",
// "attention.cudnn"): the one with the smallest sum over the sizes that were measured with all of them.
class AttentionChoice {
 public:
  explicit AttentionChoice(const Profile&);

  // At the measured length that is nearest; empty where the profile leaves no choice.
  const std::string& fastest(std::int64_t key_rows) const;

 private:
  std::vector<std::pair<std::int64_t, std::string>> by_length_;
};

}  // namespace pipedit::simulator
