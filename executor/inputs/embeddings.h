#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "core/workload.h"
#include "executor/job.h"
#include "models/model.h"

// What the text encoders made of the prompts.
namespace pipedit::executor {

// FOLDER/request_0000.safetensors .. for the numbered requests: `text_states` [L, text_dim], `pooled` [pooled_dim], and
// `text_mask` [L] of 0 and 1 where some tokens are padding, which is dropped; a leading dimension of 1 may be there.
// Throws InputError naming file and tensor: one that is missing or does not fit the model, a mask that is not one, no
// or too many tokens.
std::vector<RequestInput> read_embeddings(const std::filesystem::path& folder, const models::Model&,
                                          const std::vector<RequestId>& numbers);

// Normal numbers of the workload's token counts; those of a request depend on (seed, its number) alone.
std::vector<RequestInput> random_embeddings(std::uint64_t seed, const models::Model&, const Workload&,
                                            const std::vector<RequestId>& numbers);

// The workload with the token counts that the inputs really have: what a program must be lowered for.
Workload with_tokens_of(const Workload&, const std::vector<RequestInput>&);

}  // namespace pipedit::executor
