#include <filesystem>
#include <limits>
#include <sstream>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/environment.h"
#include "cli/examples.h"
#include "cli/interrupt.h"
#include "cli/json_answers.h"
#include "cli/open_module.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/run_request.h"
#include "cli/run_text.h"
#include "core/error.h"
#include "planner/plan_file.h"

namespace pipedit::cli {

namespace {

constexpr std::int64_t kMostSeed = std::numeric_limits<std::int64_t>::max();

// Its lines, one a request.
std::vector<std::string> read_prompts(const std::string& file, std::size_t requests) {
  std::istringstream text(read_text(file));
  std::vector<std::string> prompts;
  for (std::string line; std::getline(text, line);) prompts.push_back(line);
  if (prompts.size() != requests)
    throw InputError(
        fmt::format("--prompts {}: expected {} lines, one a request, got {}", file, requests, prompts.size()));
  return prompts;
}

class Run : public Command {
 public:
  About about() const override {
    return {
        "run",
        "Runs a plan, from embeddings of prompts to videos, and measures it. Needs a GPU where the plan is for GPUs.",
        example_with_plan(
            "build/release/bin/pipedit run tiny.plan.json --random-weights 1 --random-embeddings 1 -o tiny-run"),
        variables_of_runs()};
  }

  void declare(Options& options) override {
    options.input("plan", "PLAN", plan_, "plan file that `plan` wrote");
    options.text("-o,--output", "DIR", output_, "folder for videos, journal and measured timeline; new or empty");
    options.text("--resume", "DIR", resume_, "goes on with the run of this folder; needs nothing else");
    options.choice("--device", device_, {"cpu", "cuda"}, "what to run on (default: what the plan is for)");
    options.text("--weights", "DIR", weights_,
                 "checkpoint under official or diffusers names: a safetensors file, an index of shards, or a folder of "
                 "these, also in its transformer/ and vae/");
    options.integer("--random-weights", "SEED", random_weights_, 0, kMostSeed, "weights drawn from a seed instead");
    options.text(
        "--embeddings", "DIR", embeddings_,
        "request_0000.safetensors ..: what text encoders made of prompts: text_states [tokens, width], pooled [width], "
        "where tokens are not all valid text_mask [tokens]");
    options.integer("--random-embeddings", "SEED", random_embeddings_, 0, kMostSeed,
                    "embeddings drawn from a seed instead");
    options.input("--prompts", "FILE", prompts_,
                  "prompts beside --embeddings, a line each, to be shown with the videos");
    options.integer("--seed", "N", seed_, 0, kMostSeed, "of the noise (default: 0)");
    options.flag("--keep-latents", keep_latents_, "keeps DIR/latents/request_0000.safetensors ..");
    options.flag("--json", json_, "the answer as JSON");
  }

  void run() override {
    resume_.empty() ? check_start() : check_resume();
    std::vector<std::string> prompts;
    if (!prompts_.empty()) prompts = read_prompts(prompts_, planner::read_plan_file(plan_).workload.requests.size());
    const InterruptFlag interrupt;
    RunRequest request = this->request();
    request.stop = &interrupt.flag();
    RunAnswer ran;
    reinterpret_cast<RunFunction>(module_symbol(kRunSymbol))(request, ran);
    answer(json_ ? json_of(ran) : text_of(ran, request.folder, prompts));
  }

 private:
  void check_start() const {
    if (plan_.empty()) throw InputError("a plan file or --resume is required");
    if (output_.empty()) throw InputError("-o is required");
    if (std::filesystem::is_directory(output_) && !std::filesystem::is_empty(output_))
      throw InputError(output_ + ": not empty; a run starts in a new or an empty folder");
    if (weights_.empty() == !random_weights_)
      throw InputError("exactly one of --weights and --random-weights is required");
    if (!prompts_.empty() && embeddings_.empty())
      throw InputError("--prompts: a run does not encode text; give what the encoders made of it with --embeddings");
    if (embeddings_.empty() == !random_embeddings_)
      throw InputError("exactly one of --embeddings and --random-embeddings is required");
  }

  void check_resume() const {
    const bool anything_else = !plan_.empty() || !output_.empty() || !weights_.empty() || random_weights_ ||
                               !embeddings_.empty() || random_embeddings_ || !prompts_.empty() || seed_ ||
                               !device_.empty() || keep_latents_;
    if (anything_else) throw InputError("--resume: the folder holds what the run was started with; give nothing else");
  }

  RunRequest request() const {
    const auto seed_in = [](const std::optional<std::int64_t>& given) {
      return given ? std::optional(static_cast<std::uint64_t>(*given)) : std::nullopt;
    };
    RunRequest request;
    request.plan = plan_;
    request.folder = resume_.empty() ? output_ : resume_;
    request.device = device_;
    if (!weights_.empty()) request.weights = weights_;
    if (!embeddings_.empty()) request.embeddings = embeddings_;
    request.random_weights = seed_in(random_weights_);
    request.random_embeddings = seed_in(random_embeddings_);
    request.seed = seed_in(seed_).value_or(0);
    request.keep_latents = keep_latents_;
    request.ffmpeg = variable("PIPEDIT_FFMPEG");
    request.fa3_library = variable("PIPEDIT_FA3_LIBRARY");
    return request;
  }

  std::string plan_, output_, resume_, device_, weights_, embeddings_, prompts_;
  std::optional<std::int64_t> random_weights_, random_embeddings_, seed_;
  bool keep_latents_ = false, json_ = false;
};

}  // namespace

std::unique_ptr<Command> run_command() { return std::make_unique<Run>(); }

}  // namespace pipedit::cli
