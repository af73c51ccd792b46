#include "simulator/engine/world.h"

#include "core/error.h"
#include "simulator/engine/links.h"

namespace pipedit::simulator {

namespace {

void prepare_devices(World& world) {
  for (const Device& device : world.cluster->devices)
    world.devices.push_back({.slots = device.slots, .cpu = device.kind == DeviceKind::cpu, .free_slots = device.slots});
  for (const Link& link : world.cluster->links)
    world.links.capacity.insert(world.links.capacity.end(), 2, link.bandwidth.value / 1e9);
  world.links.capacity.insert(world.links.capacity.end(), 2 * world.devices.size(),
                              world.cluster->host_to_device.value / 1e9);
}

void ask_how_transfers_disturb(World& world) {
  world.sharing_loss = world.costs->sharing_loss();
  for (std::size_t transport = 0; transport < kTransports; ++transport)
    world.kernel_launch[transport] = world.costs->kernel_launch(static_cast<Transport>(transport));
  world.contention.resize(program::kOpKinds);
  for (std::size_t kind = 0; kind < world.contention.size(); ++kind)
    for (std::size_t transport = 0; transport < kTransports; ++transport)
      world.contention[kind][transport] =
          world.costs->contention(static_cast<program::OpKind>(kind), static_cast<Transport>(transport));
}

void prepare_ranks(World& world) {
  for (const DeviceId device : world.program->devices) {
    if (index(device) >= world.devices.size())
      throw InputError("cluster " + world.cluster->name + " has no device " + std::to_string(index(device)));
    RankState rank;
    rank.device = static_cast<int>(device);
    rank.cpu = world.devices[index(device)].cpu;
    ++world.devices[index(device)].ranks;
    world.ranks.push_back(std::move(rank));
  }
}

void prepare_actors(World& world, const Options& options) {
  for (std::size_t i = 0; i < world.program->actors.size(); ++i) {
    const program::Actor& actor = world.program->actors[i];
    ActorState state(program::ScriptCursor(*world.program, ActorId{static_cast<int>(i)}));
    state.slots.assign(static_cast<std::size_t>(actor.latent_slots), false);
    for (const Decision& decision : options.decisions)
      if (index(decision.actor) == i) state.replay.push_back(decision.alternative);
    for (const Rank rank : actor.ranks) world.ranks[index(rank)].actor = static_cast<int>(i);
    world.actors.push_back(std::move(state));
  }
}

}  // namespace

void prepare(World& world, const program::Program& program, const Cluster& cluster, const CostModel& costs,
             const Options& options) {
  world.program = &program;
  world.cluster = &cluster;
  world.costs = &costs;
  for (const program::Segment& segment : program.segments) world.graphs.push_back(compile(program, segment, costs));
  world.recorder.drawn.assign(program.request_shapes.size(), Nanos{0});
  ask_how_transfers_disturb(world);
  prepare_devices(world);
  prepare_ranks(world);
  find_routes(world);
  prepare_actors(world, options);
}

}  // namespace pipedit::simulator
