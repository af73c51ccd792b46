#pragma once

#include <string>

namespace pipedit::cli {

// Examples of commands that need a plan start with the line that makes one.
inline std::string example_with_plan(const std::string& line) {
  return "build/release/bin/pipedit plan --model hunyuanvideo-tiny --cluster cpu --gpus 2 --size 64x64 --frames 5 "
         "--steps 4 "
         "--only ulysses -o tiny.plan.json\n" +
         line;
}

}  // namespace pipedit::cli
