#pragma once

#include <ATen/core/Tensor.h>

namespace pipedit::executor {

// What 4:2:0 alone keeps of frames [F, H, W, 3] u8, H and W even: their PSNR, in dB, once the colour of every two by
// two pixels is their mean and only the luma (BT.601) is each pixel's own.
double psnr_at_half_chroma(const at::Tensor& rgb);

}  // namespace pipedit::executor
