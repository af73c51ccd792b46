#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.h"
#include "core/units.h"

namespace pipedit {

inline constexpr int kVideoMultiple = 16;  // pixels: of a video's width and height

// The size of a video and of the work it takes; requests of equal shape share segments.
struct RequestShape {
  int width = 0;  // pixels, a multiple of 16
  int height = 0;
  int frames = 0;       // 4k + 1
  int steps = 0;        // denoising steps
  int text_tokens = 0;  // valid text tokens (padding is dropped before the model)
  friend bool operator==(const RequestShape&, const RequestShape&) = default;
};

inline constexpr int kMostRequests = 100'000;

struct Request {
  int shape = 0;  // Workload::shapes
  Nanos arrival{0};
  std::string prompt;  // for people; the embeddings decide
  friend bool operator==(const Request&, const Request&) = default;
};

struct Workload {
  std::string name;
  std::vector<RequestShape> shapes;
  std::vector<Request> requests;  // in order of arrival
  friend bool operator==(const Workload&, const Workload&) = default;

  const RequestShape& shape_of(RequestId id) const {
    return shapes[static_cast<std::size_t>(requests[index(id)].shape)];
  }
};

inline constexpr int kMostFrames = 4097, kMostStepsOfOne = 10'000, kMostTextTokens = 65'536;  // of a request

// `count` equal requests, all there from the start. Throws InputError, naming the key ("/frames"), when a value is out
// of range: frames that are not 4k + 1, sizes that are not multiples of 16, counts below one.
Workload uniform_workload(const RequestShape&, int count);

// The same for any workload ("/shapes/0/frames"); also requests of no shape, and out of order.
void check(const Workload&);

std::int64_t steps_of(const Workload&);  // of all requests

// A workload file; core/workload_json.cpp is its format. What is read has been checked.
Workload read_workload(const std::filesystem::path&);
Workload parse_workload(std::string_view text);
std::string write_workload(const Workload&);

}  // namespace pipedit
