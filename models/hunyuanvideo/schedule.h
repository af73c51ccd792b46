#pragma once

#include <cstdint>
#include <vector>

namespace pipedit::models::hunyuanvideo {

// Noise levels of a flow-matching run: u_i = 1 - i/n, sigma_i = s u_i / (1 + (s - 1) u_i), i = 0 .. n; from 1 to 0.
std::vector<float> sigmas(std::int64_t steps, double shift);

// What the network is called with: 1000 sigma_i, i = 0 .. n - 1, fractional.
std::vector<float> timesteps(const std::vector<float>& sigmas);

// What the network is told of the guidance: 1000 times it, rounded to bf16 as the references do (6.0 becomes 6016).
float guidance_input(double guidance);

}  // namespace pipedit::models::hunyuanvideo
