#pragma once

#include <string>
#include <vector>

#include "core/profile.h"

namespace pipedit::cli {

// The points of one kind of operation.
struct ProfiledKind {
  std::string kind;
  int points = 0;
  Nanos shortest{0}, longest{0};  // medians
  double spread = 0;              // mean of (third quartile - first) / median
};
std::vector<ProfiledKind> kinds_of(const Profile&);

std::string text_of(const Profile&, const std::string& file);

}  // namespace pipedit::cli
