#include <algorithm>
#include <cstdlib>
#include <optional>

#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/fuzz/mutate.h"
#include "tests/fuzz/readers.h"

namespace pipedit::fuzz {
namespace {

// Of all readers together. PIPEDIT_FUZZ_INPUTS=1000000 is what `make check` asks for.
std::size_t inputs() {
  const char* wanted = std::getenv("PIPEDIT_FUZZ_INPUTS");
  return wanted == nullptr ? 20'000 : std::strtoull(wanted, nullptr, 10);
}

bool is_one_short_line(std::string_view message) {
  const bool printable = std::none_of(message.begin(), message.end(), [](unsigned char c) { return c < 0x20; });
  return printable && !message.empty() && message.size() < 1000;
}

// What is wrong with how the reader took the text; nullopt where it refused it in due form, or read it and reads what
// it writes of it as the same.
std::optional<std::string> complaint(const Reader& reader, const std::string& text, bool& accepted) try {
  const std::string written = reader.rewrite(text);
  accepted = true;
  if (reader.rewrite(written) == written) return std::nullopt;
  return "is written as what reads otherwise";
} catch (const Error& e) {
  if (!accepted && is_one_short_line(e.what())) return std::nullopt;
  return std::string(accepted ? "is written as what is refused: " : "is refused in many words: ") + e.what();
} catch (const std::exception& e) {
  return std::string("throws another exception: ") + e.what();
}

class ReadersFuzz : public testing::TestWithParam<Reader> {};

TEST_P(ReadersFuzz, ReadOrRefuseInOneLineWhateverTheyAreGiven) {
  const Reader& reader = GetParam();
  Random random(6);
  std::vector<std::string> samples;
  for (int i = 0; i < 200; ++i) samples.push_back(reader.sample(random));
  const std::size_t count = 1 + inputs() / readers().size();
  std::size_t read = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string text = mutated(samples[i % samples.size()], samples, random);
    bool accepted = false;
    const auto wrong = complaint(reader, text, accepted);
    ASSERT_FALSE(wrong) << "input " << i << ' ' << *wrong << '\n' << text.substr(0, 5000);
    read += accepted ? 1 : 0;
  }
  if (count < 1000) return;
  EXPECT_GT(read, count / 100);  // mutations that are too wild test only the first few bytes
  EXPECT_LT(read, count - count / 10);
  RecordProperty("inputs", std::to_string(count));
  RecordProperty("read", std::to_string(read));
}

INSTANTIATE_TEST_SUITE_P(All, ReadersFuzz, testing::ValuesIn(readers()),
                         [](const testing::TestParamInfo<Reader>& reader) { return reader.param.name; });

}  // namespace
}  // namespace pipedit::fuzz
