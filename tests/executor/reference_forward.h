#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>

#include "executor/kernels/refiner.h"
#include "executor/kernels/rope.h"
#include "executor/weights/weight_store.h"
#include "models/model.h"

// The kernels in the order of one rank: what a program for one rank computes, without a program.
namespace pipedit::executor::test {

// Sees intermediates under the names of the fixtures: "img_in", "double.0.q", ..
using Probe = std::function<void(const std::string& name, const at::Tensor&)>;

// What stays the same over the steps of one request.
struct Request {
  std::array<std::int64_t, 3> grid{};  // of video tokens
  at::Tensor text;                     // [Lv, text_dim], valid tokens only
  at::Tensor pooled;                   // [pooled_dim]
  at::Tensor time_sinusoids;           // [steps, 256]
  at::Tensor guidance_sinusoid;        // [1, 256]
};

class ReferenceForward {
 public:
  ReferenceForward(const WeightStore&, const models::DitConfig&, Request);

  // Velocity [N, F] at a step of tokens [N, F].
  at::Tensor velocity(const at::Tensor& tokens, std::int64_t step, const Probe& probe = {}) const;

  void use_rope(kernels::RopeTables tables) { rope_ = std::move(tables); }  // rows of the video, then of the text
  void leave_out_head(std::int64_t head) { left_out_ = head; }

 private:
  struct Rows;
  at::Tensor part(const std::string& modulation, std::int64_t step, std::int64_t i) const;
  void project(const std::string& name, const at::Tensor& x, std::int64_t first_row, Rows&) const;
  void attend(Rows&) const;
  void mlp(const std::string& name, std::int64_t step, const at::Tensor& hidden) const;
  void double_block(std::int64_t block, std::int64_t step, const at::Tensor& hidden, Rows&, const Probe&) const;
  void single_block(std::int64_t block, std::int64_t step, const at::Tensor& hidden, Rows&, const Probe&) const;

  void show_products(const std::string& shown, const std::string& modulation, const std::string& weights,
                     std::int64_t step, const at::Tensor& normed, const Probe&) const;
  void show_refiner(const at::Tensor& vector, const at::Tensor& text, const Probe&) const;

  const WeightStore& weights_;
  const models::DitConfig& dit_;
  Request request_;
  std::int64_t video_ = 0, text_ = 0;
  at::Tensor vectors_, refiner_vectors_;
  kernels::RefinerConstants constants_;
  kernels::RopeTables rope_;
  std::optional<std::int64_t> left_out_;
};

}  // namespace pipedit::executor::test
