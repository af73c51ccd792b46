#include "core/plan_json.h"

#include "core/cluster_json.h"

namespace pipedit {

namespace {

constexpr std::int64_t kMostRanks = 65536;
constexpr std::pair<Memory, std::string_view> kMemories[] = {{Memory::resident, "resident"},
                                                             {Memory::offload, "offload"}};

std::vector<Rank> read_ranks(Fields& fields, const char* key) {
  std::vector<Rank> ranks;
  for (const std::int64_t rank : fields.integers(key, 0, kMostRanks - 1)) ranks.push_back(Rank{static_cast<int>(rank)});
  return ranks;
}

int count_or(int fallback, Fields& fields, const char* key, int low, int high) {
  return static_cast<int>(fields.integer_or(fallback, key, low, high));
}

// All but the groups may be left out: a plain pipeline.
Pipeline read_pipeline(Fields& fields) {
  Pipeline pipeline;
  pipeline.denoise = read_ranks(fields, "denoise");
  pipeline.decode = read_ranks(fields, "decode");
  pipeline.ring = count_or(pipeline.ring, fields, "ring", 1, 1024);
  pipeline.cfg = count_or(pipeline.cfg, fields, "cfg", 1, 2);
  if (fields.has("chunks"))
    for (const std::int64_t items : fields.integers("chunks", 1, 1024))
      pipeline.chunks.push_back(static_cast<int>(items));
  pipeline.row_groups = count_or(pipeline.row_groups, fields, "row_groups", 1, 16);
  if (fields.has("fill")) pipeline.fill = fields.boolean("fill");
  pipeline.lent_heads = count_or(pipeline.lent_heads, fields, "lent_heads", 0, 1024);
  if (fields.has("memory")) pipeline.memory = read_enum<Memory>(fields, "memory", kMemories);
  pipeline.latent_slots = count_or(pipeline.latent_slots, fields, "latent_slots", 1, 64);
  fields.finish();
  return pipeline;
}

Json to_json(const std::vector<Rank>& ranks) {
  Json json = Json::array();
  for (const Rank rank : ranks) json.push_back(static_cast<int>(rank));
  return json;
}

Json to_json(const Pipeline& pipeline) {
  return {{"denoise", to_json(pipeline.denoise)},
          {"decode", to_json(pipeline.decode)},
          {"ring", pipeline.ring},
          {"cfg", pipeline.cfg},
          {"chunks", pipeline.chunks},
          {"row_groups", pipeline.row_groups},
          {"fill", pipeline.fill},
          {"lent_heads", pipeline.lent_heads},
          {"memory", name_of<Memory>(kMemories, pipeline.memory)},
          {"latent_slots", pipeline.latent_slots}};
}

}  // namespace

Plan read_plan(Fields fields) {
  Plan plan;
  plan.name = fields.name("name");
  for (Fields& pipeline : fields.objects("pipelines")) plan.pipelines.push_back(read_pipeline(pipeline));
  plan.transport = read_enum<Transport>(fields, "transport", kTransports);
  plan.attention = fields.string_or(plan.attention, "attention");
  fields.finish();
  return plan;
}

Json to_json(const Plan& plan) {
  Json json;
  json["name"] = plan.name;
  json["pipelines"] = Json::array();
  for (const Pipeline& pipeline : plan.pipelines) json["pipelines"].push_back(to_json(pipeline));
  json["transport"] = name_of<Transport>(kTransports, plan.transport);
  json["attention"] = plan.attention;
  return json;
}

Plan parse_plan(std::string_view text) {
  const Json json = parse_json(text);
  return read_plan(Fields(json, ""));
}

std::string write_plan(const Plan& plan) { return to_text(to_json(plan)); }

}  // namespace pipedit
