#pragma once

#include <string>

namespace pipedit {

// Who wrote a file.
struct MadeBy {
  std::string version;  // of this program
  std::string commit;   // of the sources that it was built from; "unknown" where those were no checkout
  std::string machine;  // "AMD EPYC 9B14, 16 cores"; not its name
};

// This program on this machine; the same as long as the process lives.
const MadeBy& made_by();

}  // namespace pipedit
