#pragma once

#include <string>
#include <utility>
#include <vector>

namespace pipedit::cli {

// Of the libraries that a run on GPUs opens, as far as they are there: {"cuDNN", "9.19.0"}. Looked for beside the
// LibTorch that this was built with, then where the system has them.
std::vector<std::pair<std::string, std::string>> library_versions();

// 91900 or 22807 or 13000: how cuDNN, NCCL and CUDA write a version in a number.
std::string cudnn_version(std::size_t number);
std::string nccl_version(int number);
std::string cuda_version(int number);

}  // namespace pipedit::cli
