#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "executor/weights/safetensors.h"

namespace pipedit::executor {

// All tensors of a checkpoint. The path may be
//   a file; a file ending in .json: an index of shards beside it;
//   a folder: the shards that its index names, and those of its *.safetensors that have "_weights" in their name, or
//   all of them where none has; and the same for its subfolders transformer/ and vae/.
// Keys lose a leading "vae.".
class Checkpoint {
 public:
  // Throws InputError: no files, files that are damaged, a tensor that two files hold.
  explicit Checkpoint(const std::filesystem::path&);

  const std::filesystem::path& path() const { return path_; }
  std::vector<std::string> keys() const;  // sorted
  bool has(std::string_view key) const { return where_.find(key) != where_.end(); }
  // Throws InputError where it is missing or of another shape, naming file and tensor. A view into the file.
  at::Tensor tensor(std::string_view key, const std::vector<std::int64_t>& shape) const;

 private:
  struct Place {
    std::size_t file;
    std::string key;  // as stored
  };
  void add(const std::filesystem::path& file);

  std::filesystem::path path_;
  std::vector<SafetensorsFile> files_;
  std::map<std::string, Place, std::less<>> where_;
};

}  // namespace pipedit::executor
