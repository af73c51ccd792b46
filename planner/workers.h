#pragma once

#include <atomic>
#include <exception>
#include <thread>
#include <vector>

namespace pipedit::planner {

// Calls work(0) .. work(count - 1) on up to `threads` threads, this one among them. Rethrows what the first of them, by
// number, threw.
template <class Work>
void on_threads(int threads, std::size_t count, const Work& work) {
  std::vector<std::exception_ptr> errors(count);
  std::atomic<std::size_t> next = 0;
  const auto run = [&] {
    for (std::size_t i = next++; i < count; i = next++) try {
        work(i);
      } catch (...) {
        errors[i] = std::current_exception();
      }
  };
  {
    std::vector<std::jthread> helpers;
    for (std::size_t i = 1; i < count && static_cast<int>(i) < threads; ++i) helpers.emplace_back(run);
    run();
  }
  for (const std::exception_ptr& error : errors)
    if (error) std::rethrow_exception(error);
}

}  // namespace pipedit::planner
