#include "executor/run_folder/journal_json.h"

#include <limits>

#include "core/json.h"

namespace pipedit::executor {

namespace {

constexpr const char* kFormat = "pipedit.journal";
constexpr int kVersion = 1;
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

constexpr std::pair<JournalEvent, std::string_view> kEvents[] = {{JournalEvent::latent, "latent"},
                                                                 {JournalEvent::finished, "finished"}};

void put(Json& json, const char* key, const std::optional<std::filesystem::path>& path) {
  if (path) json[key] = path->string();
}
void put(Json& json, const char* key, const std::optional<std::uint64_t>& seed) {
  if (seed) json[key] = *seed;
}

std::optional<std::filesystem::path> path_or_none(Fields& fields, const char* key) {
  if (!fields.has(key)) return std::nullopt;
  return fields.string(key);
}

std::optional<std::uint64_t> seed_or_none(Fields& fields, const char* key) {
  if (!fields.has(key)) return std::nullopt;
  return static_cast<std::uint64_t>(fields.integer(key, 0, kMost));
}

}  // namespace

std::string origin_line(const RunOrigin& origin) {
  Json json = header(kFormat, kVersion);
  json["device"] = origin.device;
  put(json, "weights", origin.weights);
  put(json, "random_weights", origin.random_weights);
  put(json, "embeddings", origin.embeddings);
  put(json, "random_embeddings", origin.random_embeddings);
  json["seed"] = origin.seed;
  json["keep_latents"] = origin.keep_latents;
  return json.dump();
}

std::string event_line(JournalEvent event, RequestId request) {
  const Json json = {{"event", name_of<JournalEvent>(kEvents, event)}, {"request", index(request)}};
  return json.dump();
}

RunOrigin parse_origin_line(std::string_view line) {
  const Json json = parse_json(line);
  Fields fields(json, "");
  read_header(fields, kFormat, kVersion);
  RunOrigin origin;
  origin.device = fields.string("device");
  origin.weights = path_or_none(fields, "weights");
  origin.random_weights = seed_or_none(fields, "random_weights");
  origin.embeddings = path_or_none(fields, "embeddings");
  origin.random_embeddings = seed_or_none(fields, "random_embeddings");
  origin.seed = static_cast<std::uint64_t>(fields.integer("seed", 0, kMost));
  origin.keep_latents = fields.boolean("keep_latents");
  fields.finish();
  return origin;
}

void parse_event_line(std::string_view line, JournalContents& contents) {
  const Json json = parse_json(line);
  Fields fields(json, "");
  const auto event = read_enum<JournalEvent>(fields, "event", kEvents);
  const RequestId request{static_cast<int>(fields.integer("request", 0, std::numeric_limits<int>::max()))};
  fields.finish();
  (event == JournalEvent::latent ? contents.latents : contents.finished).insert(request);
}

}  // namespace pipedit::executor
