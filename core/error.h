#pragma once

#include <exception>
#include <string>

namespace pipedit {

// A failure with context: each boundary it crosses may put what it was doing in front.
// what() is one line, outermost context first.
class Error : public std::exception {
 public:
  explicit Error(std::string message) : message_(std::move(message)) {}
  void add_context(const std::string& context) { message_ = context + ": " + message_; }
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  std::string message_;
};

// What the user gave is wrong, and the user can mend it: exit code 2.
class InputError : public Error {
 public:
  using Error::Error;
};

// A legal question whose answer is that no plan fits: exit code 3.
class NoFeasiblePlan : public Error {
 public:
  using Error::Error;
};

}  // namespace pipedit
