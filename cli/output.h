#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace pipedit::cli {

// To stdout: the answer. Throws Error where it cannot be written.
void answer(std::string_view text);

// To stderr: a line that is not part of the answer.
void remark(std::string_view text);

// The whole file. Throws InputError naming it where it cannot be read.
std::string read_file(const std::filesystem::path&);

// A file that appears whole or not at all. Throws InputError naming it where it cannot be written.
void write_file(const std::filesystem::path&, std::string_view text);

// Throws InputError where write_file() would fail for want of a folder or a permission: to be asked before long work.
void check_writable(const std::filesystem::path&);

}  // namespace pipedit::cli
