#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/cluster.h"
#include "core/units.h"

namespace pipedit {

// One measured operation. `kind` is an operation's name ("attention") or a transfer's ("exchange.host"); `dims` are its
// sizes in the order that program/op_cost.h gives for the kind.
struct ProfilePoint {
  std::string kind;
  std::vector<std::int64_t> dims;
  int busy = 1;  // tasks running side by side on the device while it was measured (1: alone)
  Nanos median{0};
  Nanos low{0}, high{0};  // quartiles: the spread
  int count = 0;          // samples kept
  friend bool operator==(const ProfilePoint&, const ProfilePoint&) = default;
};

// Slowdown of a kind of task while transfers touch its device, between its ranks or to another one: 1.05 = 5 % longer.
struct Contention {
  std::string kind;
  Transport transport = Transport::peer;
  bool between_devices = false;
  double factor = 1;
  friend bool operator==(const Contention&, const Contention&) = default;
};

struct Profile {
  std::string model;                           // name of the model that was profiled
  std::map<std::string, std::string> machine;  // fingerprint: cpu or gpu, driver, date, state ("sustained")
  DeviceKind device = DeviceKind::cpu;
  std::vector<ProfilePoint> points;  // sorted by kind, dims, busy
  std::vector<Contention> contention;
  double sharing_loss = 1;  // time of two tasks sharing a slot over their serial sum, at least 1
  friend bool operator==(const Profile&, const Profile&) = default;
};

// A profile file; core/profile_json.cpp is its format. parse_profile and read_profile throw InputError naming the key,
// the latter also the file.
Profile read_profile(const std::filesystem::path&);
Profile parse_profile(std::string_view text);
std::string write_profile(const Profile&);

}  // namespace pipedit
