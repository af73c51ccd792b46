#include "executor/kernels/cuda/attention.h"

#include <cmath>
#include <memory>

#include <ATen/ops/_scaled_dot_product_cudnn_attention.h>
#include <ATen/ops/_scaled_dot_product_flash_attention.h>
#include <fmt/format.h>

#include "core/error.h"
#include "executor/kernels/cuda/fa3.h"
#include "executor/kernels/cuda/lasting_thread.h"

namespace pipedit::executor::kernels::cuda {

namespace {

bool is_empty(const AttentionHeads& item) { return item.q.numel() == 0; }

double scale_of(const AttentionHeads& item) { return 1 / std::sqrt(static_cast<double>(item.q.size(2))); }

void attend_by_cudnn(const AttentionHeads& item) {
  const auto result = at::_scaled_dot_product_cudnn_attention(
      item.q.unsqueeze(0), item.k.unsqueeze(0), item.v.unsqueeze(0), {}, false, 0.0, false, false, scale_of(item));
  item.out.copy_(std::get<0>(result)[0]);
}

Attention by_cudnn() {
  return [threads = std::make_shared<LastingThreads>()](std::span<const AttentionHeads> items) {
    if (items.empty()) return;
    threads->run(items.front().q.device(), [&] {
      for (const AttentionHeads& item : items)
        if (!is_empty(item)) attend_by_cudnn(item);
    });
  };
}

void by_fa2(std::span<const AttentionHeads> items) {
  for (const AttentionHeads& item : items) {
    if (is_empty(item)) continue;
    const auto result = at::_scaled_dot_product_flash_attention(item.q.unsqueeze(0), item.k.unsqueeze(0),
                                                                item.v.unsqueeze(0), 0.0, false, false, scale_of(item));
    item.out.copy_(std::get<0>(result)[0]);
  }
}

Attention by_fa3(const std::filesystem::path& library) {
  return [kernel = open_fa3(library)](std::span<const AttentionHeads> items) {
    for (const AttentionHeads& item : items)
      if (!is_empty(item)) kernel(item, scale_of(item));
  };
}

std::string best(at::ScalarType type, const std::filesystem::path& fa3_library) {
  if (type != at::kBFloat16) return "reference";
  return fa3_library.empty() ? "cudnn" : "fa3";
}

}  // namespace

Attention find_attention(const std::string& name, at::ScalarType type, const std::filesystem::path& fa3_library) {
  if (name == "auto") return find_attention(best(type, fa3_library), type, fa3_library);
  if (name == "reference") return attention_by_heads;
  if (name != "fa3" && name != "cudnn" && name != "fa2")
    throw InputError(fmt::format("no attention kernel {} on a GPU; there are auto, fa3, cudnn, fa2, reference", name));
  if (type != at::kBFloat16) throw InputError(fmt::format("the attention kernel {} computes in bf16 alone", name));
  if (name == "cudnn") return by_cudnn();
  if (name == "fa2") return by_fa2;
  return by_fa3(fa3_library);
}

}  // namespace pipedit::executor::kernels::cuda
