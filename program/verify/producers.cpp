#include "program/verify/producers.h"

#include <algorithm>
#include <initializer_list>
#include <optional>

namespace pipedit::program {

namespace {

// Who may have written an operand: a kind of operation, or an exchange of a payload.
struct Producers {
  std::initializer_list<OpKind> kinds;
  std::optional<Payload> payload = std::nullopt;
};

std::optional<Payload> payload_of(const Task& task) {
  const auto* shape = std::get_if<ExchangeShape>(&task.shape);
  return shape == nullptr ? std::nullopt : std::optional(shape->payload);
}

bool is_one_of(const Producers& producers, const Task& writer) {
  if (const auto payload = payload_of(writer)) return payload == producers.payload;
  return std::ranges::find(producers.kinds, writer.kind) != producers.kinds.end();
}

bool may_send(Payload payload, const Task& writer) {
  switch (payload) {
    case Payload::v:
      return is_one_of({{OpKind::pack_v}}, writer);
    case Payload::k:
      return is_one_of({{OpKind::pack_k}}, writer);
    case Payload::q:
      return is_one_of({{OpKind::pack_q}}, writer);
    case Payload::o:
      return is_one_of({{OpKind::attention}}, writer);
    case Payload::latent:
      return is_one_of({{OpKind::draw_noise, OpKind::scheduler_step}}, writer);
    case Payload::tile:
      return is_one_of({{OpKind::decode_tile}}, writer);
  }
  return false;
}

bool may_attend(std::size_t operand, const Task& writer) {
  switch (operand % 3) {  // q, k, v of an item
    case 0:
      return is_one_of({{OpKind::pack_q}, Payload::q}, writer);
    case 1:
      return is_one_of({{OpKind::pack_k}, Payload::k}, writer);
    default:
      return is_one_of({{OpKind::pack_v}, Payload::v}, writer);
  }
}

bool is_hidden(const Task& writer) { return is_one_of({{OpKind::embed_video, OpKind::refine, OpKind::gate}}, writer); }
bool is_table(const Task& writer) { return is_one_of({{OpKind::modulation}}, writer); }
bool is_projected(const Task& writer) { return is_one_of({{OpKind::out_project, OpKind::mlp_down}}, writer); }
bool is_latents(const Task& writer) { return is_one_of({{OpKind::draw_noise, OpKind::scheduler_step}}, writer); }

}  // namespace

bool may_read(const Task& reader, std::size_t operand, const Task& writer) {
  switch (reader.kind) {
    case OpKind::modulation:
      return is_one_of({{OpKind::condition}}, writer);
    case OpKind::embed_video:
      return is_latents(writer);
    case OpKind::refine:
      return is_one_of({{OpKind::refine_constants}}, writer);
    case OpKind::modulate:
    case OpKind::final_layer:
      return operand == 0 ? is_hidden(writer) : is_table(writer);
    case OpKind::project_v:
    case OpKind::project_k:
    case OpKind::project_q:
    case OpKind::mlp_up:
      return is_one_of({{OpKind::modulate}}, writer);
    case OpKind::pack_v:
      return is_one_of({{OpKind::project_v}}, writer);
    case OpKind::pack_k:
      return is_one_of({{OpKind::project_k}}, writer);
    case OpKind::pack_q:
      return is_one_of({{OpKind::project_q}}, writer);
    case OpKind::attention:
      return may_attend(operand, writer);
    case OpKind::keep_outputs:
      return is_one_of({{OpKind::attention}}, writer);
    case OpKind::out_project:
      return operand == 0 ? is_one_of({{OpKind::attention, OpKind::keep_outputs}, Payload::o}, writer)
                          : is_projected(writer);
    case OpKind::gate:
      return operand == 0 ? is_projected(writer) : operand == 1 ? is_table(writer) : is_hidden(writer);
    case OpKind::mlp_down:
      return is_one_of({{OpKind::mlp_up}}, writer);
    case OpKind::scheduler_step:
      return operand == 0 ? is_one_of({{OpKind::final_layer}}, writer) : is_latents(writer);
    case OpKind::exchange:
      return may_send(std::get<ExchangeShape>(reader.shape).payload, writer);
    case OpKind::decode_tile:
    case OpKind::save_latent:
      return is_one_of({{}, Payload::latent}, writer);
    case OpKind::blend:
      return is_one_of({{OpKind::decode_tile, OpKind::blend}, Payload::tile}, writer);
    case OpKind::write_frames:
      return is_one_of({{OpKind::blend}}, writer);
    case OpKind::draw_noise:
    case OpKind::refine_constants:
    case OpKind::condition:
    case OpKind::load_weights:
      return true;
  }
  return false;
}

}  // namespace pipedit::program
