#pragma once

#include <optional>
#include <vector>

#include "program/lower/builder.h"
#include "program/lower/context.h"

// Ulysses: rows are exchanged for heads before attention and back behind it. PipeSP cuts this into chunks of heads and
// groups of rows.
namespace pipedit::program::lowering {

// The part of a segment that turns packed rows into attention outputs at the owners of the rows.
class AttentionLowering {
 public:
  AttentionLowering(const Context&, const DenoiseLayout&, const Split&, SegmentBuilder&);

  // Regions that a member's packing task writes for the stream's rows, heads ascending: its own receive buffer for
  // heads that it computes, its send buffer for the others.
  std::vector<Region> packed(int member, Stream, Payload) const;

  // Sends v, k or q; `ready` is each member's last packing task.
  void send(Payload, const SegmentBuilder::Ready& ready);

  // All attention tasks, the exchanges of their outputs, and behind them what ranks keep of their own.
  void attend();

  // Waits of whatever reads the attention outputs that come from other ranks.
  void wait_for_outputs(std::vector<Wait>&, Rank) const;

  // Waits that close the segment: this rank may send into the others' buffers again only when they have read what it
  // sent now.
  void wait_for_readers(std::vector<Wait>&, Rank) const;

 private:
  Region packed_head(int member, int head, Payload, Range global_rows) const;
  std::vector<int> chunk_heads(int member, int chunk) const;
  void add_input_parts(Exchange&, Payload, int from, int to, const std::vector<int>& heads) const;
  std::vector<AttentionItem> items(int member, int chunk, int group) const;
  void attend(int member, int chunk, int group, const std::vector<AttentionItem>&);
  struct Returned {
    Region source, target;
  };
  std::vector<Returned> returned(int from, int to, const std::vector<AttentionItem>&) const;
  void add_output_parts(Exchange&, int from, const std::vector<AttentionItem>&) const;
  void keep_outputs(int member);
  void return_outputs(int chunk, int group, const std::vector<std::vector<AttentionItem>>&);
  Range slots_of(int member, const AttentionItem&) const;
  int chunk_label(int chunk) const { return chunks_ > 1 || groups_ > 1 ? chunk : -1; }
  int group_label(int group) const { return groups_ > 1 ? group : -1; }

  const Context& context_;
  const DenoiseLayout& layout_;
  const Split& split_;
  SegmentBuilder& builder_;
  int chunks_, groups_;
  std::optional<ExchangeId> v_, k_;
  std::vector<std::optional<ExchangeId>> q_, o_;
  std::vector<std::vector<TaskId>> attentions_;  // by member, in lane order
};

}  // namespace pipedit::program::lowering
