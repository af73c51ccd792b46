#include <chrono>
#include <cstdio>
#include <ctime>
#include <exception>

#include <cuda_runtime_api.h>
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "bench/floors/gpu_job.h"
#include "bench/floors/report.h"
#include "core/commit.h"
#include "core/error.h"
#include "executor/backends/cuda/check.h"
#include "models/model_json.h"

namespace pipedit::bench {
namespace {

constexpr double kLongTarget = 1.2, kShortTarget = 1.4, kDecodeTarget = 2.5;
constexpr std::int64_t kLongSequence = 65536;  // rows from which attention outweighs everything

struct Options {
  std::string model = PIPEDIT_SOURCE_DIR "/configs/models/hunyuanvideo.json";
  std::vector<std::string> shapes = {"480x352x97", "1280x720x129"};
  std::string json, fa3;
};

RequestShape shape_of(const std::string& text) {
  RequestShape shape{.width = 0, .height = 0, .frames = 0, .steps = 1, .text_tokens = 256};
  int end = 0;
  const int read = std::sscanf(text.c_str(), "%dx%dx%d%n", &shape.width, &shape.height, &shape.frames, &end);
  if (read != 3 || end != static_cast<int>(text.size()))
    throw InputError(fmt::format("--shape: expected WIDTHxHEIGHTxFRAMES, got {}", text));
  return shape;
}

Origin origin_of(int argc, char** argv) {
  cudaDeviceProp properties{};
  executor::check(cudaGetDeviceProperties(&properties, 0));
  const std::time_t now = std::time(nullptr);
  char date[32];
  std::strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&now));
  Origin origin{.card = properties.name, .date = date, .commit = commit(), .command = "pipedit_floors"};
  for (int i = 1; i < argc; ++i) origin.command += std::string(" ") + argv[i];
  return origin;
}

// To stderr, with how long it has taken and how long it may still take.
class Progress {
 public:
  void operator()(const std::string& now, double seconds_left) const {
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start_;
    std::fprintf(stderr, "[%6.1f s] %s; about %.0f s left\n", passed.count(), now.c_str(), seconds_left);
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// A guess for the log: set-up, a step and a decode at rates of an H100, and every size once before.
double seconds_of(const models::Model& model, const RequestShape& shape) {
  const auto d = static_cast<double>(model.dit.hidden_size), m = static_cast<double>(model.dit.mlp_width);
  const auto blocks = static_cast<double>(model.dit.num_double_blocks + model.dit.num_single_blocks);
  const auto rows = static_cast<double>(rows_of(model, shape));
  const double work = blocks * rows * (4 * rows * d + 2 * d * (4 * d + 2 * m));
  const double pixels = static_cast<double>(shape.width) * shape.height * shape.frames;
  return 10 + work / 450e12 + pixels * 2.5e-7;
}

ShapeReport measured(GpuJob& gpu, const models::Model& model, const RequestShape& shape, const Rates& rates) {
  const Run run = gpu.run(shape);
  ShapeReport report{.shape = shape,
                     .step = unit_report(model.vae, run.program, run.timeline, "step", rates),
                     .decode = unit_report(model.vae, run.program, run.timeline, "decode", rates),
                     .temporaries = run.temporaries,
                     .predicted = run.program.memory.front().workspace};
  report.step.target = rows_of(model, shape) >= kLongSequence ? kLongTarget : kShortTarget;
  report.decode.target = kDecodeTarget;
  return report;
}

void run(const Options& options, int argc, char** argv) {
  const models::Model model = models::read_model(options.model);
  std::vector<RequestShape> shapes;
  double left = 0;
  for (const std::string& text : options.shapes) left += seconds_of(model, shapes.emplace_back(shape_of(text)));
  const Origin origin = origin_of(argc, argv);
  const Progress progress;
  std::printf("# %s | %s | commit %s | %s\n", origin.card.c_str(), origin.date.c_str(), origin.commit.c_str(),
              origin.command.c_str());
  progress("rates", left + 30);
  const Rates rates = measure_rates(model, shapes, options.fa3);
  std::printf("%s", rates_text(rates).c_str());
  progress("random weights", left + 5);
  GpuJob gpu(model, {.attention = "auto", .fa3_library = options.fa3});
  std::vector<ShapeReport> reports;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    progress(options.shapes[i], left);
    left -= seconds_of(model, shapes[i]);
    reports.push_back(measured(gpu, model, shapes[i], rates));
    std::printf("%s", shape_text(reports.back()).c_str());
    std::fflush(stdout);
    if (!options.json.empty())
      write_report(options.json, origin, rates, reports);  // what there is, should the rest fail
  }
  progress("done", 0);
}

}  // namespace
}  // namespace pipedit::bench

int main(int argc, char** argv) try {
  CLI::App app(
      "Measures one denoising step and the decode of a model with random weights on one GPU, task by task, against "
      "floors from rates that the same run measures. Needs a GPU.\n"
      "Example: pipedit_floors --json floors.json");
  pipedit::bench::Options options;
  app.add_option("--model", options.model, "Model file")->capture_default_str();
  app.add_option("--shape", options.shapes, "WIDTHxHEIGHTxFRAMES, in pixels; may be repeated")->capture_default_str();
  app.add_option("--json", options.json, "File for the report in JSON");
  app.add_option("--fa3", options.fa3, "Shared object of the package fa3-fwd; without it attention is cuDNN's");
  CLI11_PARSE(app, argc, argv);
  pipedit::bench::run(options, argc, argv);
  return 0;
} catch (const std::exception& e) {
  std::fprintf(stderr, "error: %s\n", e.what());
  return dynamic_cast<const pipedit::InputError*>(&e) != nullptr ? 2 : 1;
}
