#include "executor/kernels/cuda/fa3.h"

#include <dlfcn.h>

#include <map>
#include <mutex>
#include <string>

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/stack.h>
#include <fmt/format.h>

#include "core/error.h"

namespace pipedit::executor::kernels::cuda {

namespace {

void open(const std::filesystem::path& library) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  if (c10::Dispatcher::singleton().findSchema({"fa3_fwd::fwd", ""})) return;
  if (library.empty()) throw InputError("the attention kernel fa3 needs the shared object of the package fa3-fwd");
  // lazily: it refers to a function of Python that is never called
  if (dlopen(library.c_str(), RTLD_LAZY | RTLD_GLOBAL) == nullptr)
    throw InputError(fmt::format("{}: {}", library.string(), dlerror()));
}

// [heads, rows, dim] as [1, rows, heads, dim]: a view.
at::Tensor by_rows(const at::Tensor& heads) { return heads.transpose(0, 1).unsqueeze(0); }

// One value per argument: what is named, or the argument's default.
torch::jit::Stack arguments(const c10::FunctionSchema& schema, const std::map<std::string, c10::IValue>& named) {
  torch::jit::Stack stack;
  for (const c10::Argument& argument : schema.arguments()) {
    const auto given = named.find(argument.name());
    if (given != named.end())
      stack.push_back(given->second);
    else
      stack.push_back(argument.default_value().value_or(c10::IValue()));
  }
  return stack;
}

}  // namespace

std::function<void(const AttentionHeads&, double)> open_fa3(const std::filesystem::path& library) {
  open(library);
  const auto op = c10::Dispatcher::singleton().findSchemaOrThrow("fa3_fwd::fwd", "");
  return [op](const AttentionHeads& item, double scale) {
    torch::jit::Stack stack = arguments(op.schema(), {{"q", by_rows(item.q)},
                                                      {"k", by_rows(item.k)},
                                                      {"v", by_rows(item.v)},
                                                      {"out", by_rows(item.out)},
                                                      {"softmax_scale", scale},
                                                      {"num_splits", std::int64_t{1}}});
    op.callBoxed(stack);
  };
}

}  // namespace pipedit::executor::kernels::cuda
