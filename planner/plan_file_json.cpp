#include <fmt/format.h>

#include "core/cluster_json.h"
#include "core/plan_json.h"
#include "core/workload_json.h"
#include "models/model_json.h"
#include "planner/plan_file.h"
#include "planner/search_record_json.h"

namespace pipedit::planner {

namespace {

constexpr std::string_view kFormat = "pipedit.plan";
constexpr int kNewest = 1;

// Rooms below hand out a model's text alone; errors name keys below this file's.
models::Model read_model(Fields& fields) {
  const Fields below = fields.object("model");
  try {
    return models::parse_model(to_text(fields.raw("model")));
  } catch (const InputError& e) {
    throw below.error(e.what());
  }
}

Plan read_legal_plan(Fields& fields, const Cluster& cluster) {
  const Fields below = fields.object("plan");
  Plan plan = read_plan(below);
  try {
    check(plan, cluster);
  } catch (const InputError& e) {
    throw below.error(e.what());
  }
  return plan;
}

ProfileReference read_profile_reference(Fields fields) {
  ProfileReference reference{fields.string("path"), fields.string("hash")};
  fields.finish();
  return reference;
}

PlanFile read_fields(Fields& fields) {
  PlanFile file;
  file.model = read_model(fields);
  file.cluster = read_cluster(fields.object("cluster"));
  file.workload = read_workload(fields.object("workload"));
  file.plan = read_legal_plan(fields, file.cluster);
  if (fields.has("profile")) file.profile = read_profile_reference(fields.object("profile"));
  if (fields.has("search")) file.search = read_search(fields.object("search"));
  return file;
}

}  // namespace

PlanFile parse_plan_file(std::string_view text) { return parse_format(text, kFormat, kNewest, read_fields); }

std::string write_plan_file(const PlanFile& file) {
  Json json = header(kFormat, kNewest);
  json["plan"] = to_json(file.plan);
  json["model"] = embedded(parse_json(models::write_model(file.model)));
  json["cluster"] = embedded(to_json(file.cluster));
  json["workload"] = embedded(to_json(file.workload));
  if (file.profile) json["profile"] = {{"path", file.profile->path}, {"hash", file.profile->hash}};
  if (file.search) json["search"] = to_json(*file.search);
  return to_text(json);
}

PlanFile read_plan_file(const std::filesystem::path& path) { return parse_file(path, parse_plan_file); }

}  // namespace pipedit::planner
