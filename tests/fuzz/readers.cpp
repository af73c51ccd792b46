#include "tests/fuzz/readers.h"

#include "core/json.h"
#include "models/model_json.h"
#include "planner/plan_file.h"
#include "tests/core/random_values.h"
#include "tests/fuzz/executor_readers.h"

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

// A plan for three ranks of a CPU, with what a search writes beside it.
std::string plan_file(std::mt19937_64& random) {
  Pipeline pipeline;
  pipeline.denoise = {Rank{0}, Rank{1}};
  pipeline.decode = {Rank{2}};
  planner::PlanFile file;
  file.model = models::read_model(PIPEDIT_SOURCE_DIR "/configs/models/hunyuanvideo-tiny.json");
  file.cluster = first_devices(read_cluster(PIPEDIT_SOURCE_DIR "/configs/clusters/cpu.json"), 3);
  file.workload = tests::random_workload(random);
  file.plan = {.name = "dedivae", .pipelines = {pipeline}, .transport = Transport::host};
  file.profile = {"this.profile.json", planner::hash_of("")};
  planner::PlanAnswer other;
  other.name = "ulysses";
  other.plan = file.plan;
  other.predicted = Nanos{7};
  file.search.emplace();
  file.search->peaks = {Bytes{3}, Bytes{4}};
  file.search->considered = {other};
  return write_plan_file(file);
}

}  // namespace

std::vector<Reader> readers() {
  std::vector<Reader> readers = {reader<tests::random_cluster, write_cluster, parse_cluster>("cluster"),
                                 reader<tests::random_workload, write_workload, parse_workload>("workload"),
                                 reader<tests::random_plan, write_plan, parse_plan>("plan"),
                                 reader<tests::random_profile, write_profile, parse_profile>("profile"),
                                 reader<tests::random_timeline, write_timeline, parse_timeline>("timeline"),
                                 model_reader(),
                                 {.name = "plan_file", .sample = plan_file, .rewrite = [](const std::string& text) {
                                    return write_plan_file(planner::parse_plan_file(text));
                                  }}};
#ifdef PIPEDIT_FUZZ_EXECUTOR
  for (Reader& reader : executor_readers()) readers.push_back(std::move(reader));
#endif
  return readers;
}

}  // namespace pipedit::fuzz
