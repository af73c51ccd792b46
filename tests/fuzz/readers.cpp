#include "tests/fuzz/readers.h"

#include "core/json.h"
#include "models/model_json.h"
#include "tests/core/random_values.h"

namespace pipedit::fuzz {

namespace {

template <auto make, auto write, auto parse>
Reader reader(const char* name) {
  return {.name = name,
          .sample = [](std::mt19937_64& random) { return write(make(random)); },
          .rewrite = [](const std::string& text) { return write(parse(text)); }};
}

std::string rewritten_model(const std::string& text) { return models::write_model(models::parse_model(text)); }

Reader model_reader() {
  return {.name = "model",
          .sample = [](std::mt19937_64&) { return read_text(PIPEDIT_SOURCE_DIR "/configs/models/hunyuanvideo.json"); },
          .rewrite = rewritten_model};
}

}  // namespace

std::vector<Reader> readers() {
  return {reader<tests::random_cluster, write_cluster, parse_cluster>("cluster"),
          reader<tests::random_workload, write_workload, parse_workload>("workload"),
          reader<tests::random_plan, write_plan, parse_plan>("plan"),
          reader<tests::random_profile, write_profile, parse_profile>("profile"),
          reader<tests::random_timeline, write_timeline, parse_timeline>("timeline"),
          model_reader()};
}

}  // namespace pipedit::fuzz
