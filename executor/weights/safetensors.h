#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/units.h"
#include "executor/weights/mapped_file.h"

// The safetensors container: eight bytes of header length (little-endian), a JSON header that names each tensor's
// dtype, shape and bytes, then the data.
namespace pipedit::executor {

struct TensorEntry {
  at::ScalarType dtype = at::kFloat;
  std::vector<std::int64_t> shape;
  Range bytes;  // of the data section
};
using TensorEntries = std::map<std::string, TensorEntry, std::less<>>;

// The header of a file of which `data_size` bytes follow it. Throws InputError naming the tensor: unknown dtypes, sizes
// that contradict shape and dtype, bytes outside the data, overlaps, gaps.
TensorEntries parse_safetensors_header(std::string_view header, std::int64_t data_size);
std::string write_safetensors_header(const TensorEntries&);

// What a whole file says. Throws InputError: see above, and headers longer than the file or 100 MB.
struct SafetensorsLayout {
  TensorEntries entries;
  std::int64_t data_begin = 0;  // byte of the file
};
SafetensorsLayout parse_safetensors(std::span<const std::byte> file);

// The files that an index JSON ("weight_map") names, without repetition. Throws InputError; reading, naming the index.
std::vector<std::string> read_safetensors_index(const std::filesystem::path&);
std::vector<std::string> parse_safetensors_index(std::string_view text);

class SafetensorsFile {
 public:
  // Throws InputError naming the file (and the tensor): see above.
  explicit SafetensorsFile(const std::filesystem::path&);

  const std::filesystem::path& path() const { return path_; }
  const TensorEntries& entries() const { return layout_.entries; }
  // A read-only view into the file that keeps it mapped; contiguous, aligned as the file is. Throws InputError
  // where there is no such tensor.
  at::Tensor tensor(std::string_view name) const;

 private:
  std::filesystem::path path_;
  MappedFile file_;
  SafetensorsLayout layout_;
};

// In the given order of tensors; takes effect at once or not at all (written beside the target, then renamed).
// Throws InputError where the file cannot be written.
void write_safetensors(const std::filesystem::path&, const std::vector<std::pair<std::string, at::Tensor>>&);

}  // namespace pipedit::executor
