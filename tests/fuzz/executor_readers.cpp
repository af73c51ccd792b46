#include "tests/fuzz/executor_readers.h"

#include "core/json.h"
#include "executor/run_folder/journal_json.h"
#include "executor/weights/safetensors.h"

namespace pipedit::fuzz {

namespace {

using Random = std::mt19937_64;

std::int64_t below(Random& random, std::int64_t bound) {
  return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(bound));
}

std::string write_journal(const executor::JournalContents& contents) {
  std::string text = origin_line(contents.origin) + "\n";
  for (const RequestId request : contents.latents) text += event_line(executor::JournalEvent::latent, request) + "\n";
  for (const RequestId request : contents.finished)
    text += event_line(executor::JournalEvent::finished, request) + "\n";
  return text;
}

std::string journal(Random& random) {
  executor::JournalContents contents;
  contents.origin = {
      .device = "cpu", .weights = "/data/weights", .seed = static_cast<std::uint64_t>(below(random, 99))};
  for (int request = 0; request < 4; ++request) {
    if (below(random, 2) == 0) contents.latents.insert(RequestId{request});
    if (below(random, 2) == 0) contents.finished.insert(RequestId{request});
  }
  return write_journal(contents);
}

std::string write_index(const std::vector<std::string>& files) {
  Json index;
  for (const std::string& file : files) index["weight_map"]["tensor " + file] = file;
  return index.dump();
}

std::string index(Random& random) {
  std::vector<std::string> files;
  for (std::int64_t left = 1 + below(random, 5); left > 0; --left)
    files.push_back("model-" + std::to_string(left) + ".safetensors");
  return write_index(files);
}

constexpr std::int64_t kDataBytes = 96;

// Tensors of several dtypes and shapes that tile the data.
std::string header(Random& random) {
  constexpr std::pair<at::ScalarType, std::int64_t> kDtypes[] = {{at::kFloat, 4}, {at::kBFloat16, 2}, {at::kLong, 8}};
  executor::TensorEntries entries;
  for (std::int64_t begin = 0; begin < kDataBytes;) {
    const auto [dtype, size] = kDtypes[below(random, 3)];
    const std::int64_t rows = std::min((kDataBytes - begin) / 8, 1 + below(random, 4)), columns = 8 / size;
    const std::int64_t end = begin + 8 * rows;
    entries["blocks." + std::to_string(begin) + ".weight"] = {dtype, {rows, columns}, {begin, end}};
    begin = end;
  }
  return executor::write_safetensors_header(entries);
}

std::string file_of(const std::string& header, std::int64_t data) {
  std::string file;
  for (int byte = 0; byte < 8; ++byte) file += static_cast<char>(header.size() >> (8 * byte) & 0xff);
  return file + header + std::string(static_cast<std::size_t>(data), 'w');
}

std::string rewritten_file(const std::string& text) {
  const auto layout = executor::parse_safetensors(std::as_bytes(std::span(text)));
  return file_of(executor::write_safetensors_header(layout.entries),
                 static_cast<std::int64_t>(text.size()) - layout.data_begin);
}

}  // namespace

std::vector<Reader> executor_readers() {
  return {{.name = "journal",
           .sample = journal,
           .rewrite = [](const std::string& text) { return write_journal(executor::parse_journal(text)); }},
          {.name = "safetensors",
           .sample = [](Random& random) { return file_of(header(random), kDataBytes); },
           .rewrite = rewritten_file},
          {.name = "safetensors_index",
           .sample = index,
           .rewrite = [](const std::string& text) { return write_index(executor::parse_safetensors_index(text)); }},
          {.name = "safetensors_header", .sample = header, .rewrite = [](const std::string& text) {
             return executor::write_safetensors_header(executor::parse_safetensors_header(text, kDataBytes));
           }}};
}

}  // namespace pipedit::fuzz
