#pragma once

#include <filesystem>
#include <functional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace pipedit {

// The whole file, 1 GiB at most. Throws InputError naming the path where it cannot be read.
std::string read_text(const std::filesystem::path&);

// A file that appears whole or not at all: `write` fills one beside the target, which then takes its name. A link stays
// a link: what it leads to is replaced. Devices, pipes and whatever standard output goes to are written as they stand.
// Throws InputError naming the path where it cannot be written; what `write` throws leaves nothing behind either.
void write_file(const std::filesystem::path&, const std::function<void(std::ostream&)>& write);
void write_file(const std::filesystem::path&, std::string_view text);

// Throws InputError where write_file() would fail for want of a folder or a permission, or would replace a file that is
// read (empty paths are none): to be asked before long work.
void check_writable(const std::filesystem::path&, const std::vector<std::filesystem::path>& read = {});

// Whether both are one file, or would be once they are written. Standard output and devices take what comes.
bool is_same_file(const std::filesystem::path&, const std::filesystem::path&);

}  // namespace pipedit
