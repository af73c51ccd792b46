#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <thread>

#include <ATen/ops/empty.h>
#include <c10/cuda/CUDAStream.h>

#include "core/error.h"
#include "executor/transport/cuda_copies.h"
#include "tests/executor/gpu/gpu_run.h"

namespace pipedit::executor::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string failure_of_run(const tests::PlanShape& shape, const ExecuteOptions& options = {}) {
  try {
    run_on_gpu(shape, 1, options);
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing failed";
}

TEST(GpuFailure, AnErrorNamesRankRequestStepAndTask) {
  ExecuteOptions options;
  options.before_task = [](const TaskInstanceRef& ref) {
    if (ref.call.bindings.step == 2 && ref.task.rank == Rank{1} && ref.task.kind == program::OpKind::attention)
      throw Error("no more");
  };
  EXPECT_THAT(failure_of_run({.denoise = 3}, options),
              testing::MatchesRegex("rank 1: request 0 / step 2 / .* / attention.* @ rank 1: no more"));
}

TEST(GpuFailure, MemoryThatDoesNotSufficeIsNamed) {
  ExecuteOptions options;
  options.operation = [](const OpContext& context) {
    if (context.bindings.step == 1)
      static_cast<void>(at::empty({std::int64_t{1} << 44}, at::TensorOptions(at::kByte).device(at::kCUDA, 0)));
    run_operation(context);
  };
  const std::string error = failure_of_run({.denoise = 2}, options);
  EXPECT_THAT(error, HasSubstr("request 0 / step 1 / "));
  EXPECT_THAT(error, HasSubstr("out of memory"));
}

TEST(GpuFailure, EveryRankIsReleasedWhenTheWriterFails) {
  ExecuteOptions options;
  options.before_task = [](const TaskInstanceRef& ref) {
    if (ref.task.lane == program::Lane::writer) throw Error("disk full");
  };
  EXPECT_THAT(failure_of_run({.denoise = 3}, options), HasSubstr("@ rank 0: disk full"));
}

TEST(GpuFailure, TheStopFlagEndsARun) {
  std::atomic<bool> stop = false;
  ExecuteOptions options;
  options.stop = &stop;
  options.before_task = [&](const TaskInstanceRef& ref) {
    if (ref.call.bindings.step == 1) stop = true;
    if (ref.call.bindings.step == 3) std::this_thread::sleep_for(std::chrono::seconds(1));
  };
  EXPECT_EQ(failure_of_run({.denoise = 2}, options), "stopped");
}

TEST(GpuFailure, NcclRefusesTwoRanksOnAGpu) {
  EXPECT_THAT(failure_of_run({.denoise = 2, .transport = Transport::nccl}), HasSubstr("ranks 0 and 1 share GPU 0"));
}

// What a kernel does wrong shows later, and leaves the process without a device: so in a process of its own.
TEST(GpuFailureDeathTest, AKernelThatFaultsIsNamedByWhereItWasNoticed) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  ExecuteOptions options;
  options.operation = [](const OpContext& context) {
    if (context.bindings.step == 2 && context.task.kind == program::OpKind::attention) {
      View nowhere = context.writes[0];
      nowhere.data = reinterpret_cast<std::byte*>(std::uintptr_t{1} << 20);
      copy_by_kernel(context.reads[0], nowhere, c10::cuda::getCurrentCUDAStream().stream());
    }
    run_operation(context);
  };
  const auto fail = [&] {
    std::fprintf(stderr, "%s\n", failure_of_run({.denoise = 2}, options).c_str());
    std::_Exit(1);
  };
  EXPECT_EXIT(fail(), testing::ExitedWithCode(1), "request 0 / step .*illegal memory access");
}

TEST(GpuFailure, ADeviceThatIsNotThereIsNamed) {
  program::Program program;
  program.devices = {DeviceId{gpu_count()}};
  program.memory.resize(1);
  CudaBackend backend;
  EXPECT_THROW(backend.open(program), Error);
}

}  // namespace
}  // namespace pipedit::executor::test
