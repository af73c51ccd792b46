#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "core/cluster_json.h"
#include "core/json.h"
#include "core/profile.h"

namespace pipedit {

namespace {

constexpr std::string_view kFormat = "pipedit.profile";
constexpr int kNewest = 1;
constexpr std::int64_t kLongest = 1'000'000'000'000'000;  // of a task: eleven days
constexpr std::int64_t kMostDims = 16;

ProfilePoint read_point(Fields& fields) {
  ProfilePoint point;
  point.kind = fields.string("kind");
  point.dims = fields.integers("dims", 0, INT64_MAX / 2);
  if (point.dims.size() > kMostDims)
    fields.fail("dims", fmt::format("expected at most {} sizes, got {}", kMostDims, point.dims.size()));
  point.busy = static_cast<int>(fields.integer("busy", 1, 1024));
  point.median = Nanos{fields.integer("median_ns", 0, kLongest)};
  point.low = Nanos{fields.integer("low_ns", 0, point.median.count())};
  point.high = Nanos{fields.integer("high_ns", point.median.count(), kLongest)};
  point.count = static_cast<int>(fields.integer("count", 1, 1'000'000'000));
  fields.finish();
  return point;
}

Contention read_contention(Fields& fields) {
  Contention contention;
  contention.kind = fields.string("kind");
  contention.transport = read_enum<Transport>(fields, "transport", kTransports);
  if (fields.has("between_devices")) contention.between_devices = fields.boolean("between_devices");
  contention.factor = fields.number("factor", 0.5, 100);
  fields.finish();
  return contention;
}

std::map<std::string, std::string> read_machine(Fields& fields) {
  std::map<std::string, std::string> machine;
  Fields facts = fields.object("machine");
  for (const auto& [key, value] : fields.raw("machine").items()) machine[key] = facts.string(key.c_str());
  return machine;
}

auto order(const ProfilePoint& point) { return std::tie(point.kind, point.dims, point.busy); }

// Costs are looked up by bisection, and one point has one time.
void check_order(const Fields& fields, const std::vector<ProfilePoint>& points) {
  for (std::size_t i = 1; i < points.size(); ++i)
    if (order(points[i - 1]) >= order(points[i]))
      fields.fail(fmt::format("points/{}", i), "expected points sorted by kind, dims and busy, each once");
}

Json to_json(const ProfilePoint& point) {
  return {{"kind", point.kind},          {"dims", point.dims},
          {"busy", point.busy},          {"median_ns", point.median.count()},
          {"low_ns", point.low.count()}, {"high_ns", point.high.count()},
          {"count", point.count}};
}

Json to_json(const Contention& contention) {
  return {{"kind", contention.kind},
          {"transport", name_of<Transport>(kTransports, contention.transport)},
          {"between_devices", contention.between_devices},
          {"factor", contention.factor}};
}

Profile read_fields(Fields& fields) {
  Profile profile;
  profile.model = fields.string("model");
  profile.machine = read_machine(fields);
  profile.device = read_enum<DeviceKind>(fields, "device", kDeviceKinds);
  profile.sharing_loss = fields.number("sharing_loss", 1, 100);
  for (Fields& entry : fields.objects("contention")) profile.contention.push_back(read_contention(entry));
  for (Fields& entry : fields.objects("points")) profile.points.push_back(read_point(entry));
  check_order(fields, profile.points);
  return profile;
}

}  // namespace

Profile parse_profile(std::string_view text) { return parse_format(text, kFormat, kNewest, read_fields); }

Profile read_profile(const std::filesystem::path& path) { return parse_file(path, parse_profile); }

std::string write_profile(const Profile& profile) {
  Json json = header(kFormat, kNewest);
  json["model"] = profile.model;
  json["machine"] = Json::object();
  for (const auto& [key, value] : profile.machine) json["machine"][key] = value;
  json["device"] = name_of<DeviceKind>(kDeviceKinds, profile.device);
  json["sharing_loss"] = profile.sharing_loss;
  json["contention"] = Json::array();
  for (const Contention& contention : profile.contention) json["contention"].push_back(to_json(contention));
  json["points"] = Json::array();
  for (const ProfilePoint& point : profile.points) json["points"].push_back(to_json(point));
  return to_text(json);
}

}  // namespace pipedit
