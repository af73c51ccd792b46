#pragma once

namespace pipedit::cli {

// A function of the module that holds LibTorch, lib/libpipedit_run.so beside the program's folder; it stays open.
// Throws Error where it is not there (a build without LibTorch) or cannot be loaded.
void* module_symbol(const char* name);

}  // namespace pipedit::cli
