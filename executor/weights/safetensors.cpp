#include "executor/weights/safetensors.h"

#include <cstring>
#include <ostream>

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <fmt/format.h>

#include "core/error.h"
#include "core/file.h"

namespace pipedit::executor {

namespace {

constexpr std::int64_t kLengthBytes = 8;
constexpr std::uint64_t kLongestHeader = 100'000'000;
constexpr std::int64_t kAlignment = 64;  // of the data section; the header is filled up with spaces

std::uint64_t header_length(std::span<const std::byte> bytes) {
  if (bytes.size() < kLengthBytes) throw InputError("not a safetensors file: shorter than its header's length");
  std::uint64_t length = 0;
  for (int i = kLengthBytes - 1; i >= 0; --i) length = length << 8 | static_cast<std::uint64_t>(bytes[i]);
  if (length > kLongestHeader) throw InputError(fmt::format("not a safetensors file: a header of {} bytes", length));
  if (length > bytes.size() - kLengthBytes)
    throw InputError(fmt::format("cut short: a header of {} bytes in a file of {}", length, bytes.size()));
  return length;
}

// Elements must not straddle their own alignment, and a header of odd length shifts all data.
at::Tensor realigned(const void* data, const TensorEntry& entry) {
  at::Tensor copy = at::empty(entry.shape, at::TensorOptions(entry.dtype));
  if (copy.nbytes() > 0) std::memcpy(copy.mutable_data_ptr(), data, copy.nbytes());
  return copy;
}

TensorEntries layout(const std::vector<std::pair<std::string, at::Tensor>>& tensors) {
  TensorEntries entries;
  std::int64_t end = 0;
  for (const auto& [name, tensor] : tensors) {
    const auto size = static_cast<std::int64_t>(tensor.nbytes());
    entries[name] = {tensor.scalar_type(), tensor.sizes().vec(), {end, end + size}};
    end += size;
  }
  return entries;
}

void write_all(std::ostream& out, const std::vector<std::pair<std::string, at::Tensor>>& tensors) {
  std::string header = write_safetensors_header(layout(tensors));
  while ((header.size() + kLengthBytes) % kAlignment != 0) header += ' ';
  for (int i = 0; i < kLengthBytes; ++i) out.put(static_cast<char>(header.size() >> (8 * i) & 0xff));
  out << header;
  for (const auto& [name, tensor] : tensors) {
    const at::Tensor bytes = tensor.cpu().contiguous();
    out.write(static_cast<const char*>(bytes.const_data_ptr()), static_cast<std::streamsize>(bytes.nbytes()));
  }
}

}  // namespace

SafetensorsLayout parse_safetensors(std::span<const std::byte> file) {
  const std::uint64_t length = header_length(file);
  const std::int64_t data_begin = kLengthBytes + static_cast<std::int64_t>(length);
  const std::string_view header(reinterpret_cast<const char*>(file.data()) + kLengthBytes, length);
  return {parse_safetensors_header(header, static_cast<std::int64_t>(file.size()) - data_begin), data_begin};
}

SafetensorsFile::SafetensorsFile(const std::filesystem::path& path) : path_(path), file_(path) {
  try {
    layout_ = parse_safetensors(file_.bytes());
  } catch (Error& e) {
    e.add_context(path.string());
    throw;
  }
}

at::Tensor SafetensorsFile::tensor(std::string_view name) const {
  const auto found = entries().find(name);
  if (found == entries().end()) throw InputError(fmt::format("{}: no tensor {}", path_.string(), name));
  const TensorEntry& entry = found->second;
  void* data = const_cast<std::byte*>(file_.bytes().data()) + layout_.data_begin + entry.bytes.begin;
  if (reinterpret_cast<std::uintptr_t>(data) % c10::elementSize(entry.dtype) != 0) return realigned(data, entry);
  const auto keep = [owner = file_.owner()](void*) {};
  return at::from_blob(data, entry.shape, keep, at::TensorOptions(entry.dtype));
}

void write_safetensors(const std::filesystem::path& path,
                       const std::vector<std::pair<std::string, at::Tensor>>& tensors) {
  write_file(path, [&](std::ostream& out) { write_all(out, tensors); });
}

}  // namespace pipedit::executor
