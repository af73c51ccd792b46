#pragma once

#include <string>
#include <string_view>

#include "executor/run_folder/journal.h"

namespace pipedit::executor {

// Lines of a journal, without the line's end.
std::string origin_line(const RunOrigin&);
std::string event_line(JournalEvent, RequestId);

RunOrigin parse_origin_line(std::string_view);
void parse_event_line(std::string_view, JournalContents&);

}  // namespace pipedit::executor
