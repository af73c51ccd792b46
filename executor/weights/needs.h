#pragma once

#include <vector>

#include "executor/weights/weight_store.h"
#include "models/weight_spec.h"
#include "program/program.h"

namespace pipedit::executor {

// The weights that have to be resident on a device for its ranks' tasks: one that only decodes does without the
// transformer, one without text rows without the text stream, and off-loaded ones are not there.
std::vector<models::WeightSpec> weights_on(const program::Program&, DeviceId, const std::vector<models::WeightSpec>&);

// Devices that have ranks with tasks, in order.
std::vector<DeviceId> devices_at_work(const program::Program&);

// Some of a store's weights, on another device or of another dtype; what fits already is shared, not copied.
WeightStore part_of(const WeightStore&, const std::vector<models::WeightSpec>&, const at::TensorOptions&,
                    const EachWeight& = ignore_weight);

}  // namespace pipedit::executor
