#include "executor/failure.h"

#include <string_view>

#include <c10/util/Exception.h>

namespace pipedit::executor {

namespace {

std::string first_line(std::string_view text) { return std::string(text.substr(0, text.find('\n'))); }

}  // namespace

void Failure::report(Error error) {
  const std::lock_guard lock(mutex_);
  if (!first_) first_ = std::move(error);
  happened_ = true;
}

void Failure::rethrow() const {
  const std::lock_guard lock(mutex_);
  if (first_) throw Error(*first_);
}

Error current_error() {
  try {
    throw;
  } catch (const Error& error) {
    return Error(error.what());
  } catch (const c10::Error& error) {
    return Error(first_line(error.what_without_backtrace()));
  } catch (const std::exception& error) {
    return Error(first_line(error.what()));
  } catch (...) {
    return Error("unknown failure");
  }
}

Error current_error(const std::string& context) {
  Error error = current_error();
  error.add_context(context);
  return error;
}

}  // namespace pipedit::executor
