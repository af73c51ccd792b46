#pragma once

#include <dlfcn.h>

#include <string>

namespace pipedit::cli {

// A library that may not be there, opened for as long as this lives. Its functions are asked for by name.
class SharedLibrary {
 public:
  explicit SharedLibrary(const std::string& file) : handle_(dlopen(file.c_str(), RTLD_LAZY | RTLD_LOCAL)) {}
  SharedLibrary(const SharedLibrary&) = delete;
  SharedLibrary& operator=(const SharedLibrary&) = delete;
  ~SharedLibrary() {
    if (handle_ != nullptr) dlclose(handle_);
  }

  bool is_open() const { return handle_ != nullptr; }

  // Calls a function that returns 0 where it went well. False where it did not, or where there is no such function.
  template <class... Arguments>
  bool call(const char* name, Arguments... arguments) const {
    void* symbol = handle_ != nullptr ? dlsym(handle_, name) : nullptr;
    return symbol != nullptr && reinterpret_cast<int (*)(Arguments...)>(symbol)(arguments...) == 0;
  }

  // Of a function without arguments; 0 where there is none.
  template <class Result>
  Result value(const char* name) const {
    void* symbol = handle_ != nullptr ? dlsym(handle_, name) : nullptr;
    return symbol != nullptr ? reinterpret_cast<Result (*)()>(symbol)() : Result{};
  }

 private:
  void* handle_;
};

}  // namespace pipedit::cli
