#include "executor/weights/checkpoint.h"

#include <algorithm>
#include <functional>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.h"

namespace pipedit::executor {

namespace fs = std::filesystem;

namespace {

std::vector<fs::path> shards(const fs::path& index) {
  std::vector<fs::path> files;
  for (const std::string& name : read_safetensors_index(index)) {
    if (fs::path(name).has_parent_path())
      throw InputError(fmt::format("{}: shard \"{}\" lies in another folder", index.string(), name));
    files.push_back(index.parent_path() / name);
  }
  return files;
}

std::vector<fs::path> files_ending(const fs::path& folder, std::string_view ending) {
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder))
    if (!entry.is_directory() && entry.path().filename().string().ends_with(ending)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

// The shards that an index names belong to it whatever they are called.
std::vector<fs::path> files_of(const fs::path& folder) {
  std::set<fs::path> files;
  for (const fs::path& index : files_ending(folder, ".safetensors.index.json"))
    for (fs::path& shard : shards(index)) files.insert(std::move(shard));
  std::vector<fs::path> others = files_ending(folder, ".safetensors");
  const auto is_weights = [](const fs::path& file) {
    return file.filename().string().find("_weights") != std::string::npos;
  };
  if (std::ranges::any_of(others, is_weights)) std::erase_if(others, std::not_fn(is_weights));
  files.insert(others.begin(), others.end());
  return {files.begin(), files.end()};
}

std::vector<fs::path> collect(const fs::path& path) try {
  if (!fs::is_directory(path)) return path.extension() == ".json" ? shards(path) : std::vector{path};
  std::vector<fs::path> files = files_of(path);
  for (const char* part : {"transformer", "vae"})
    if (fs::is_directory(path / part))
      for (fs::path& file : files_of(path / part)) files.push_back(std::move(file));
  if (files.empty()) throw InputError(path.string() + ": no .safetensors files");
  return files;
} catch (const fs::filesystem_error& e) {
  throw InputError(fmt::format("{}: {}", path.string(), e.code().message()));
}

}  // namespace

Checkpoint::Checkpoint(const fs::path& path) : path_(path) {
  for (const fs::path& file : collect(path)) add(file);
}

void Checkpoint::add(const fs::path& file) {
  files_.emplace_back(file);
  for (const auto& [stored, entry] : files_.back().entries()) {
    const std::string key = stored.starts_with("vae.") ? stored.substr(4) : stored;
    const auto [place, is_new] = where_.emplace(key, Place{files_.size() - 1, stored});
    if (!is_new)
      throw InputError(fmt::format("{}: tensor {} is also in {}", file.string(), key,
                                   files_[place->second.file].path().filename().string()));
  }
}

std::vector<std::string> Checkpoint::keys() const {
  std::vector<std::string> keys;
  for (const auto& [key, place] : where_) keys.push_back(key);
  return keys;
}

at::Tensor Checkpoint::tensor(std::string_view key, const std::vector<std::int64_t>& shape) const {
  const auto found = where_.find(key);
  if (found == where_.end()) throw InputError(fmt::format("{}: no tensor {}", path_.string(), key));
  const SafetensorsFile& file = files_[found->second.file];
  const TensorEntry& entry = file.entries().find(found->second.key)->second;
  if (entry.shape != shape)
    throw InputError(fmt::format("{}: tensor {}: expected shape [{}], got [{}]", file.path().string(), key,
                                 fmt::join(shape, ", "), fmt::join(entry.shape, ", ")));
  if (!c10::isFloatingType(entry.dtype))
    throw InputError(fmt::format("{}: tensor {}: expected floating point, got {}", file.path().string(), key,
                                 c10::toString(entry.dtype)));
  return file.tensor(found->second.key);
}

}  // namespace pipedit::executor
