#include "executor/weights/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/equal.h>

#include "core/error.h"
#include "tests/core/temporary_folder.h"

namespace pipedit::executor {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// A file with this header length, header and data; what the reader says of it.
std::string refusal(std::uint64_t length, const std::string& header, std::size_t data) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "bad.safetensors";
  std::ofstream out(path, std::ios::binary);
  for (int i = 0; i < 8; ++i) out.put(static_cast<char>(length >> (8 * i) & 0xff));
  out << header << std::string(data, '\0');
  out.close();
  try {
    const SafetensorsFile file(path);
  } catch (const InputError& e) {
    EXPECT_THAT(e.what(), HasSubstr(path.string()));
    return e.what();
  }
  return "accepted";
}
std::string refusal(const std::string& header, std::size_t data) { return refusal(header.size(), header, data); }

std::string entry(const std::string& name, const std::string& dtype, const std::string& shape, std::int64_t begin,
                  std::int64_t end) {
  return "\"" + name + R"(":{"dtype":")" + dtype + R"(","shape":[)" + shape + R"(],"data_offsets":[)" +
         std::to_string(begin) + "," + std::to_string(end) + "]}";
}
std::string object(const std::string& entries) { return "{" + entries + "}"; }

TEST(Safetensors, WhatIsWrittenIsRead) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "some.safetensors";
  const at::Tensor a = at::arange(12).to(at::kFloat).view({3, 4});
  const at::Tensor b = at::arange(5).to(at::kBFloat16), c = at::arange(3),
                   d = at::arange(6).to(at::kDouble).view({2, 3}).t();
  write_safetensors(path, {{"b", b}, {"a", a}, {"c", c}, {"d", d}});
  const SafetensorsFile file(path);
  EXPECT_EQ(file.entries().size(), 4u);
  EXPECT_TRUE(at::equal(file.tensor("a"), a));
  EXPECT_TRUE(at::equal(file.tensor("b"), b));
  EXPECT_TRUE(at::equal(file.tensor("c"), c));
  EXPECT_TRUE(at::equal(file.tensor("d"), d));
}

TEST(Safetensors, AViewOutlivesItsFile) {
  const TemporaryFolder folder;
  write_safetensors(folder.path() / "f.safetensors", {{"a", at::arange(1000)}});
  const at::Tensor view = SafetensorsFile(folder.path() / "f.safetensors").tensor("a");
  EXPECT_EQ(view[999].item<std::int64_t>(), 999);
}

TEST(Safetensors, WritingReplacesAtOnceAndLeavesNothingBeside) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "f.safetensors";
  write_safetensors(path, {{"a", at::arange(4)}});
  const at::Tensor before = SafetensorsFile(path).tensor("a");
  write_safetensors(path, {{"a", at::arange(4) + 1}});
  EXPECT_EQ(before[0].item<std::int64_t>(), 0);  // the old file, still mapped
  EXPECT_EQ(SafetensorsFile(path).tensor("a")[0].item<std::int64_t>(), 1);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
  EXPECT_THROW(write_safetensors(folder.path() / "none" / "f.safetensors", {{"a", at::arange(4)}}), InputError);
}

TEST(Safetensors, HeadersOfAnyLengthAreRead) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "odd.safetensors";
  const std::string header = object(R"("__metadata__":{"format":"pt"},)" + entry("a", "F32", "1", 0, 4));
  for (std::size_t padding = 0; padding < 4; ++padding) {
    std::ofstream out(path, std::ios::binary);
    const std::uint64_t length = header.size() + padding;
    for (int i = 0; i < 8; ++i) out.put(static_cast<char>(length >> (8 * i) & 0xff));
    const float value = 2.5f;
    out << header << std::string(padding, ' ');
    out.write(reinterpret_cast<const char*>(&value), sizeof value);
    out.close();
    EXPECT_EQ(SafetensorsFile(path).tensor("a").item<float>(), 2.5f);
  }
}

TEST(Safetensors, LyingHeaderLengthsAreRefused) {
  EXPECT_THAT(refusal(1ull << 63, "{}", 0), HasSubstr("header of"));
  EXPECT_THAT(refusal(50'000'000, "{}", 0), HasSubstr("cut short"));
  EXPECT_THAT(refusal(100'000'001, "{}", 0), HasSubstr("not a safetensors file"));
  EXPECT_THAT(refusal("{\"a\":", 0), HasSubstr("not valid JSON"));
  EXPECT_THAT(refusal("[1]", 0), HasSubstr("expected an object"));
}

TEST(Safetensors, LyingEntriesAreRefusedByName) {
  EXPECT_THAT(refusal(object(entry("a", "F32", "2", 0, 8)), 4),
              AllOf(HasSubstr("/a/data_offsets"), HasSubstr("outside")));
  EXPECT_THAT(refusal(object(entry("a", "F32", "3", 0, 8)), 8), HasSubstr("/a"));
  EXPECT_THAT(refusal(object(entry("a", "F32", "2", 8, 0)), 8), HasSubstr("/a/data_offsets"));
  EXPECT_THAT(refusal(object(entry("a", "F32", "2", -8, 0)), 8), HasSubstr("/a/data_offsets"));
  EXPECT_THAT(refusal(object(entry("a", "F31", "2", 0, 8)), 8), HasSubstr("/a/dtype"));
  EXPECT_THAT(refusal(object(entry("a", "F32", "-2", 0, 8)), 8), HasSubstr("/a/shape"));
  EXPECT_THAT(refusal(object(entry("a", "F32", "4294967296,4294967296,2", 0, 8)), 8), HasSubstr("/a/shape"));
  EXPECT_THAT(refusal(object(entry("a", "F32", "2.0", 0, 8)), 8), HasSubstr("/a/shape"));
}

TEST(Safetensors, NamesGivenTwiceAreRefused) {
  const std::string twice = entry("a", "F32", "2", 0, 8) + "," + entry("a", "F32", "2", 8, 16);
  EXPECT_THAT(refusal(object(twice), 16), HasSubstr("/a: given twice"));
}

TEST(Safetensors, MessagesStayOnOneLine) {
  const std::string name = "a\\n\\u001b[2J" + std::string(1000, 'x');
  const std::string line = refusal(object(entry(name, "F32", "1", 4, 8)), 8);
  EXPECT_THAT(line, testing::Not(testing::ContainsRegex("[\x01-\x1f]")));
  EXPECT_LT(line.size(), 600u);
}

TEST(Safetensors, OverlapsAndGapsAreRefused) {
  const std::string a = entry("a", "F32", "2", 0, 8);
  EXPECT_THAT(refusal(object(a + "," + entry("b", "F32", "2", 4, 12)), 12),
              AllOf(HasSubstr("/b"), HasSubstr("overlap")));
  EXPECT_THAT(refusal(object(a + "," + entry("b", "F32", "1", 12, 16)), 16),
              AllOf(HasSubstr("/b"), HasSubstr("unused")));
  EXPECT_THAT(refusal(object(a), 12), HasSubstr("12 bytes of data"));
}

TEST(Safetensors, AFileThatIsMissingOrEmptyIsNamed) {
  const TemporaryFolder folder;
  EXPECT_THROW(SafetensorsFile(folder.path() / "none.safetensors"), InputError);
  EXPECT_THROW(SafetensorsFile(folder.path().string()), InputError);
  std::ofstream(folder.path() / "empty.safetensors").close();
  EXPECT_THROW(SafetensorsFile(folder.path() / "empty.safetensors"), InputError);
}

}  // namespace
}  // namespace pipedit::executor
