#include "program/lower/pipeline.h"

#include <fmt/format.h>

#include "models/registry.h"
#include "program/lower/decode.h"
#include "program/lower/denoise.h"
#include "program/lower/memory.h"
#include "program/lower/offload.h"

namespace pipedit::program::lowering {

namespace {

class PipelineLowering {
 public:
  PipelineLowering(const models::Model& model, const WeightBytes& bytes, const Cluster& cluster, const Plan& plan,
                   int pipeline, Program& program, BufferTable& table)
      : model_(model),
        cluster_(cluster),
        plan_(plan),
        pipeline_(plan.pipelines[static_cast<std::size_t>(pipeline)]),
        number_(pipeline),
        program_(program),
        table_(table),
        weights_(bytes) {}

  void lower(const Workload& workload, std::vector<Bytes>& weights) {
    add_actors();
    needs_.resize(weights.size());
    for (std::size_t shape = 0; shape < workload.shapes.size(); ++shape)
      lower_shape(workload.shapes[shape], static_cast<int>(shape));
    hold_weights(weights);
  }

 private:
  Actor& denoiser() { return program_.actors[index(denoise_)]; }
  Actor& decoder() { return program_.actors[index(decode_)]; }
  bool offload() const { return pipeline_.memory == Memory::offload; }

  void add_actors() {
    denoise_ = decode_ = ActorId{static_cast<int>(program_.actors.size())};
    const char* role = pipeline_.colocated() ? "pipeline" : "denoise";
    program_.actors.push_back({.name = fmt::format("{} {}", role, number_),
                               .ranks = pipeline_.denoise,
                               .source = Source::queue,
                               .scripts = {}});
    if (pipeline_.colocated()) return;
    decode_ = ActorId{index_of_next()};
    program_.actors.push_back({.name = fmt::format("decode {}", number_),
                               .ranks = pipeline_.decode,
                               .source = Source::latents,
                               .latent_slots = pipeline_.latent_slots,
                               .scripts = {}});
  }
  int index_of_next() const { return static_cast<int>(program_.actors.size()); }

  Context context_of(const RequestShape& shape, int number) const {
    const DeviceKind kind = cluster_.devices[index(cluster_.device_of(pipeline_.denoise.front()))].kind;
    return {.model = model_,
            .pipeline = pipeline_,
            .transport = plan_.transport,
            .sizes = sizes_of(model_, shape),
            .request_shape = number,
            .blocks = models::find_family(model_.family)->blocks(model_.dit),
            .row_tile = attention_row_tile(kind),
            .dtype = model_.dtype == models::Dtype::bf16 ? DType::bf16 : DType::f32};
  }

  void lower_shape(const RequestShape& shape, int number) {
    loaded_.clear();
    const Context context = context_of(shape, number);
    const DenoiseLayout denoise = denoise_layout(context, table_);
    const DecodeLayout decode = decode_layout(context, table_);
    need_weights(denoise, decode);
    std::vector<Unit> script{begin_unit(context, denoise)};
    if (context.sizes.steps > 0) script.push_back(step_unit(context, denoise));
    script.push_back(hand_unit(context, denoise, decode));
    std::vector<Unit> decoding{decode_unit(context, decode)};
    if (pipeline_.colocated()) {
      script.push_back(decoding.front());
      denoiser().scripts.push_back(std::move(script));
    } else {
      denoiser().scripts.push_back(std::move(script));
      decoder().scripts.push_back(std::move(decoding));
    }
  }

  SegmentId add(Segment segment) {
    use_loaded(segment, loaded_);
    program_.segments.push_back(std::move(segment));
    return SegmentId{static_cast<int>(program_.segments.size()) - 1};
  }

  // A segment without tasks is no call.
  void add_call(Alternative& alternative, Segment segment, int blocks = 0) {
    if (segment.tasks.empty()) return;
    alternative.calls.push_back({add(std::move(segment)), blocks});
  }

  void add_load(Alternative& alternative, const Context& context, const std::vector<Rank>& ranks, Phase phase) {
    const WeightSetId id = weight_set(program_, model_, phase);
    add_call(alternative, lower_load(context, table_, ranks, phase, id, program_.weight_sets[index(id)], loaded_));
  }

  static Unit unit_of(UnitKind kind, Alternative alternative, int repeat = 1) {
    return {.kind = kind, .repeat = repeat, .alternatives = {std::move(alternative)}, .helpers = {}, .hand_to = {}};
  }

  Unit begin_unit(const Context& context, const DenoiseLayout& layout) {
    Alternative calls;
    if (offload() && context.sizes.steps > 0) add_load(calls, context, pipeline_.denoise, Phase::denoise);
    add_call(calls, lower_conditioning(context, layout, offload()));
    if (context.sizes.steps == 0) return unit_of(UnitKind::begin, std::move(calls));
    for (const models::Block& block : context.blocks)
      add_call(calls, lower_block_tables(context, layout, block), static_cast<int>(block.count));
    add_call(calls, lower_final_table(context, layout));
    return unit_of(UnitKind::begin, std::move(calls));
  }

  Unit step_unit(const Context& context, const DenoiseLayout& layout) {
    Unit unit{.kind = UnitKind::step, .repeat = context.sizes.steps, .alternatives = {}, .helpers = {}, .hand_to = {}};
    const SegmentId embed = add(lower_embed(context, layout)), last = add(lower_final(context, layout));
    for (const Split& split : layout.splits) {
      Alternative calls;
      calls.calls.push_back({embed, 0});
      for (const models::Block& block : context.blocks)
        add_call(calls, lower_block(context, layout, split, block), static_cast<int>(block.count));
      calls.calls.push_back({last, 0});
      calls.lent.assign(split.members.begin() + static_cast<std::ptrdiff_t>(pipeline_.denoise.size()),
                        split.members.end());
      unit.alternatives.push_back(std::move(calls));
    }
    if (unit.alternatives.size() > 1) unit.helpers = decode_;
    return unit;
  }

  Unit hand_unit(const Context& context, const DenoiseLayout& denoise, const DecodeLayout& decode) {
    Alternative calls;
    add_call(calls, lower_latent_exchange(context, denoise, decode));
    Unit unit = unit_of(pipeline_.colocated() ? UnitKind::gather : UnitKind::hand, std::move(calls));
    if (!pipeline_.colocated()) unit.hand_to = decode_;
    return unit;
  }

  Unit decode_unit(const Context& context, const DecodeLayout& layout) {
    Alternative calls;
    if (offload()) add_load(calls, context, pipeline_.decode, Phase::decode);
    add_call(calls, lower_decode(context, layout, offload()));
    return unit_of(UnitKind::decode, std::move(calls));
  }

  // Adds what a rank needs for one shape to what it needs for those before.
  void need_weights(const DenoiseLayout& denoise, const DecodeLayout& decode) {
    for (const Rank rank : pipeline_.denoise) needs_[index(rank)].transformer = true;
    const Split& split = denoise.splits.front();
    for (int member = 0; member < split.count(); ++member)
      if (!split.local_rows(member, Stream::text).empty())
        needs_[index(split.members[static_cast<std::size_t>(member)])].text = true;
    for (std::size_t i = 0; i < pipeline_.decode.size(); ++i)
      if (!decode.dealt[i].empty()) needs_[index(pipeline_.decode[i])].decoder = true;
  }

  void hold_weights(std::vector<Bytes>& weights) const {
    if (offload()) return;
    for (const std::vector<Rank>* ranks : {&pipeline_.denoise, &pipeline_.decode})
      for (const Rank rank : *ranks) weights[index(rank)] = weights_.of(needs_[index(rank)]);
  }

  const models::Model& model_;
  const Cluster& cluster_;
  const Plan& plan_;
  const Pipeline& pipeline_;
  int number_;
  Program& program_;
  BufferTable& table_;
  const WeightBytes& weights_;
  ActorId denoise_{}, decode_{};
  std::vector<WeightNeeds> needs_;  // by rank of the program
  Loaded loaded_;                   // by the unit that is lowered or one before it
};

}  // namespace

void lower_pipeline(const models::Model& model, const WeightBytes& bytes, const Cluster& cluster,
                    const Workload& workload, const Plan& plan, int pipeline, Program& program, BufferTable& table,
                    std::vector<Bytes>& weights) {
  PipelineLowering(model, bytes, cluster, plan, pipeline, program, table).lower(workload, weights);
}

}  // namespace pipedit::program::lowering
