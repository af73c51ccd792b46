#include <gtest/gtest.h>

#include <ATen/Parallel.h>

namespace pipedit::executor::test {
namespace {

// One thread inside an operation, as every rank has on a CPU: on busy cores the barriers of more would cost more than
// their work.
class OneThread : public testing::Environment {
 public:
  void SetUp() override { at::set_num_threads(1); }
};

[[maybe_unused]] testing::Environment* const kOneThread = testing::AddGlobalTestEnvironment(new OneThread);

}  // namespace
}  // namespace pipedit::executor::test
