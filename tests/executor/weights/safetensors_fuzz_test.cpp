#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <sstream>

#include <ATen/ops/arange.h>

#include "core/error.h"
#include "executor/weights/safetensors.h"
#include "tests/core/temporary_folder.h"

namespace pipedit::executor {
namespace {

std::string bytes_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

// Some bytes changed, doubled or cut away, most of them in front, where the header is.
std::string damaged(std::string bytes, std::mt19937& random) {
  const auto below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
  for (std::size_t edits = 1 + below(3); edits > 0 && !bytes.empty(); --edits) {
    const std::size_t at = below(4) > 0 ? below(std::min<std::size_t>(bytes.size(), 400)) : below(bytes.size());
    switch (below(5)) {
      case 0:
        bytes.resize(at);
        break;
      case 1:
        bytes.erase(at, 1 + below(9));
        break;
      case 2:
        bytes.insert(at, bytes.substr(at, 1 + below(40)));
        break;
      case 3:
        bytes[at] = "0123456789-{}[],:\""[below(18)];
        break;
      default:
        bytes[at] = static_cast<char>(below(256));
    }
  }
  return bytes;
}

TEST(SafetensorsFuzz, DamagedFilesAreReadOrRefused) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "f.safetensors";
  write_safetensors(path, {{"a", at::arange(12).view({3, 4})}, {"b", at::arange(5).to(at::kBFloat16)}});
  const std::string whole = bytes_of(path);
  std::mt19937 random(20);
  std::size_t refused = 0, read = 0;
  for (int i = 0; i < 1500; ++i) {
    std::filesystem::remove(path);  // some file systems write a file to disk where another one's bytes are replaced
    std::ofstream(path, std::ios::binary) << damaged(whole, random);
    try {
      const SafetensorsFile file(path);
      for (const auto& [name, entry] : file.entries()) file.tensor(name).clone();  // every byte is there
      ++read;
    } catch (const InputError&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 500u);
  EXPECT_GT(read, 10u);
}

}  // namespace
}  // namespace pipedit::executor
