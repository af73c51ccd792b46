#pragma once

#include <string>

namespace pipedit::cli_test {

// Expects `text` to be what tests/golden/NAME.txt holds. With PIPEDIT_UPDATE_GOLDEN=1 the file is written instead.
void expect_golden(const std::string& name, const std::string& text);

}  // namespace pipedit::cli_test
