#include "core/workload_json.h"

#include <algorithm>

#include <fmt/format.h>

namespace pipedit {

namespace {

constexpr std::string_view kFormat = "pipedit.workload";
constexpr int kNewest = 1;
constexpr std::int64_t kMostInt = INT32_MAX;  // check() knows the meaning
constexpr std::int64_t kLatest = std::int64_t{1'000'000'000} * 86400 * 365;

int whole(Fields& fields, const char* key) { return static_cast<int>(fields.integer(key, -kMostInt, kMostInt)); }

RequestShape read_shape(Fields& fields) {
  const RequestShape shape{.width = whole(fields, "width"),
                           .height = whole(fields, "height"),
                           .frames = whole(fields, "frames"),
                           .steps = whole(fields, "steps"),
                           .text_tokens = whole(fields, "text_tokens")};
  fields.finish();
  return shape;
}

// One entry stands for `count` equal requests.
void read_requests(Fields& fields, std::vector<Request>& requests) {
  const std::int64_t count = fields.integer_or(1, "count", 1, kMostRequests);
  const Request request{.shape = static_cast<int>(fields.integer_or(0, "shape", 0, kMostInt)),
                        .arrival = Nanos{fields.integer_or(0, "arrival_ns", 0, kLatest)},
                        .prompt = fields.string_or("", "prompt")};
  fields.finish();
  if (requests.size() + static_cast<std::size_t>(count) > kMostRequests)
    fields.fail("count", fmt::format("more than {} requests in all", kMostRequests));
  requests.insert(requests.end(), static_cast<std::size_t>(count), request);
}

Json to_json(const RequestShape& shape) {
  return {{"width", shape.width},
          {"height", shape.height},
          {"frames", shape.frames},
          {"steps", shape.steps},
          {"text_tokens", shape.text_tokens}};
}

Json to_json(const Request& request, std::ptrdiff_t count) {
  return {
      {"count", count}, {"shape", request.shape}, {"arrival_ns", request.arrival.count()}, {"prompt", request.prompt}};
}

}  // namespace

Workload read_workload(Fields fields) {
  read_header(fields, kFormat, kNewest);
  Workload workload;
  workload.name = fields.name("name");
  for (Fields& shape : fields.objects("shapes")) workload.shapes.push_back(read_shape(shape));
  for (Fields& entry : fields.objects("requests")) read_requests(entry, workload.requests);
  fields.finish();
  try {
    check(workload);
  } catch (InputError& e) {
    throw fields.error(e.what());
  }
  return workload;
}

Json to_json(const Workload& workload) {
  Json json = header(kFormat, kNewest);
  json["name"] = workload.name;
  json["shapes"] = Json::array();
  for (const RequestShape& shape : workload.shapes) json["shapes"].push_back(to_json(shape));
  json["requests"] = Json::array();
  const auto& requests = workload.requests;
  for (auto first = requests.begin(); first != requests.end();) {
    const auto last = std::find_if_not(first, requests.end(), [&](const Request& r) { return r == *first; });
    json["requests"].push_back(to_json(*first, last - first));
    first = last;
  }
  return json;
}

Workload parse_workload(std::string_view text) {
  const Json json = parse_json(text);
  return read_workload(Fields(json, ""));
}

Workload read_workload(const std::filesystem::path& path) { return parse_file(path, parse_workload); }

std::string write_workload(const Workload& workload) { return to_text(to_json(workload)); }

}  // namespace pipedit
