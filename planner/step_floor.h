#pragma once

#include <map>
#include <tuple>
#include <vector>

#include "core/workload.h"
#include "models/model.h"
#include "planner/space.h"
#include "program/lower/partition.h"
#include "program/program.h"
#include "simulator/costs/cost_model.h"

// What a denoising step takes at least, in closed form: from the plainest program of a group (one chunk, nothing lent)
// for all its other programs.
namespace pipedit::planner {

struct StepTime {
  Nanos time{0};
  Nanos work{0};  // of the busiest device, over its slots
};

// For one group on certain ranks and one request shape.
class StepFloor {
 public:
  // `plainest` is the lowered plainest plan, `pipeline` its only one; all are kept by reference.
  StepFloor(const models::Model&, const Workload&, std::size_t request_shape, const program::Program& plainest,
            const Pipeline& pipeline, const Cluster&, const simulator::CostModel&);

  // The compute of the busiest rank, or device over its slots, with these details, nothing lent or (where they lend)
  // lent. A step takes no less: the products and element-wise operations of a rank are the same in all programs of a
  // group, only attention is cut otherwise, and each cut costs what the cost model says.
  StepTime step(const Details&, bool lent) const;

  // The least of these over all chunk lists and row groups: chunks are picked for each rank on its own.
  StepTime least_step(int lent_heads, bool lent) const;

 private:
  using Split = program::lowering::Split;
  using Items = std::vector<program::AttentionItem>;

  const Split& split(int lent_heads) const;
  bool is_helped(const Split&) const;
  Nanos attention(Rank, const Items&) const;

  // `whole` heads of a member in row groups, and its piece.
  Nanos chunk(const Split&, int member, std::int64_t whole, bool with_piece, int row_groups) const;
  Nanos member(const Split&, int member, const Details&) const;
  Nanos least_member(const Split&, int member, int row_groups) const;
  Nanos other(const Split&, int member) const;
  StepTime busiest(const Split&, const std::vector<Nanos>& by_member) const;

  const program::Program& program_;
  const Pipeline& pipeline_;
  const Cluster& cluster_;
  const simulator::CostModel& costs_;
  int heads_ = 0;
  std::int64_t video_rows_ = 0, text_rows_ = 0, row_tile_ = 0;
  const program::Task* pattern_ = nullptr;  // some attention of the program
  std::vector<Nanos> other_;                // by rank: a step's compute that is not attention
  std::vector<Nanos> kept_;                 // beside it what is kept of its outputs; of fewer heads where some are lent
  Nanos sending_{0};                        // v and k of a step, nothing lent: the busiest rank
  std::int64_t blocks_ = 0;                 // of a step
  mutable std::map<int, Split> splits_;     // by lent heads
  // By lent heads, member, whole heads, piece and row groups.
  mutable std::map<std::tuple<int, int, std::int64_t, bool, int>, Nanos> chunks_;
};

}  // namespace pipedit::planner
