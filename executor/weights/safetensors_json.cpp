#include <algorithm>

#include <fmt/format.h>

#include "core/json.h"
#include "executor/weights/safetensors.h"

namespace pipedit::executor {

namespace {

constexpr std::pair<at::ScalarType, std::string_view> kDtypes[] = {
    {at::kDouble, "F64"}, {at::kFloat, "F32"}, {at::kHalf, "F16"}, {at::kBFloat16, "BF16"},
    {at::kLong, "I64"},   {at::kInt, "I32"},   {at::kByte, "U8"},  {at::kBool, "BOOL"},
};

// Bytes of a tensor; refuses shapes whose product does not fit what a file can hold.
std::int64_t byte_size(const Fields& fields, const TensorEntry& entry, std::int64_t most) {
  std::int64_t size = static_cast<std::int64_t>(c10::elementSize(entry.dtype));
  for (const std::int64_t extent : entry.shape) {
    if (extent < 0) fields.fail("shape", fmt::format("negative extent {}", extent));
    if (extent > 0 && size > most / extent) fields.fail("shape", "larger than the file");
    size *= extent;
  }
  return size;
}

TensorEntry read_entry(Fields fields, std::int64_t data_size) {
  TensorEntry entry;
  entry.dtype = read_enum<at::ScalarType>(fields, "dtype", kDtypes);
  entry.shape = fields.integers("shape");
  const std::vector<std::int64_t> offsets = fields.integers("data_offsets");
  fields.finish();
  if (offsets.size() != 2) fields.fail("data_offsets", fmt::format("expected 2 numbers, got {}", offsets.size()));
  entry.bytes = {offsets[0], offsets[1]};
  if (entry.bytes.begin < 0 || entry.bytes.end < entry.bytes.begin || entry.bytes.end > data_size)
    fields.fail("data_offsets",
                fmt::format("{} to {} lies outside the file's {} bytes of data", offsets[0], offsets[1], data_size));
  const std::int64_t expected = byte_size(fields, entry, data_size);
  if (entry.bytes.size() != expected)
    fields.fail("data_offsets",
                fmt::format("expected {} bytes for this dtype and shape, got {}", expected, entry.bytes.size()));
  return entry;
}

[[noreturn]] void refuse(std::string_view tensor, const char* why) {
  throw InputError(one_line(fmt::format("/{}: {}", tensor, why)));
}

// Tensors must tile the data: overlaps hide a wrong offset, and so do gaps and bytes behind the last one.
void check_layout(const TensorEntries& entries, std::int64_t data_size) {
  std::vector<std::pair<Range, std::string_view>> order;
  for (const auto& [name, entry] : entries) order.emplace_back(entry.bytes, name);
  std::sort(order.begin(), order.end());
  std::int64_t end = 0;
  for (const auto& [bytes, name] : order) {
    if (bytes.begin < end) refuse(name, "its bytes overlap another tensor's");
    if (bytes.begin > end) refuse(name, "unused bytes before it");
    end = bytes.end;
  }
  if (end != data_size) throw InputError(fmt::format("{} bytes of data, the header describes {}", data_size, end));
}

}  // namespace

TensorEntries parse_safetensors_header(std::string_view header, std::int64_t data_size) {
  const Json json = parse_json(header);
  Fields fields(json, "");
  TensorEntries entries;
  for (const auto& [name, value] : json.items())
    if (name != "__metadata__") entries.emplace(name, read_entry(Fields(value, "/" + name), data_size));
  check_layout(entries, data_size);
  return entries;
}

std::string write_safetensors_header(const TensorEntries& entries) {
  std::vector<std::pair<Range, std::string_view>> order;
  for (const auto& [name, entry] : entries) order.emplace_back(entry.bytes, name);
  std::sort(order.begin(), order.end());
  Json json = Json::object();
  for (const auto& [bytes, name] : order) {
    const TensorEntry& entry = entries.find(name)->second;
    json[std::string(name)] = {{"dtype", name_of<at::ScalarType>(kDtypes, entry.dtype)},
                               {"shape", entry.shape},
                               {"data_offsets", {bytes.begin, bytes.end}}};
  }
  return json.dump();
}

std::vector<std::string> parse_safetensors_index(std::string_view text) {
  const Json json = parse_json(text);
  Fields fields(json, "");
  const Json& map = fields.raw("weight_map");
  if (!map.is_object()) fields.fail("weight_map", "expected an object");
  std::set<std::string> files;
  for (const auto& [name, file] : map.items()) {
    if (!file.is_string()) fields.fail("weight_map/" + name, "expected a file name");
    files.insert(file.get<std::string>());
  }
  return {files.begin(), files.end()};
}

std::vector<std::string> read_safetensors_index(const std::filesystem::path& path) {
  return parse_file(path, parse_safetensors_index);
}

}  // namespace pipedit::executor
