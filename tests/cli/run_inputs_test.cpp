#include <gmock/gmock.h>

#include "tests/cli/plans.h"

namespace pipedit::cli_test {
namespace {

// A file of weights, or one of embeddings, that is not what it says.
struct BadTensors {
  std::string name, header;
  std::size_t data = 0;      // bytes behind the header
  std::string message = {};  // behind the file's name
  std::size_t length = 0;    // what the file gives as the header's length; 0: the truth
  friend void PrintTo(const BadTensors& tensors, std::ostream* out) { *out << tensors.name; }
};

std::string file_of(const BadTensors& tensors) {
  const std::size_t length = tensors.length == 0 ? tensors.header.size() : tensors.length;
  std::string file;
  for (int byte = 0; byte < 8; ++byte) file += static_cast<char>(length >> (8 * byte) & 0xff);
  return file + tensors.header + std::string(tensors.data, '\0');
}

std::string entry(const std::string& name, const std::string& dtype, const std::string& shape,
                  const std::string& offsets) {
  return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":[" + shape + "],\"data_offsets\":[" + offsets + "]}";
}

void expect_refused(const PlanFolder& folder, const std::vector<std::string>& inputs, const std::string& line) {
  std::vector<std::string> command = {"run", "tiny.plan.json", "-o", "run"};
  command.insert(command.end(), inputs.begin(), inputs.end());
  const Outcome outcome = folder.run(command);
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err, last_line(outcome.err) + "\n");
  EXPECT_THAT(outcome.err, testing::StartsWith("error: " + line));
  EXPECT_FALSE(std::filesystem::exists(folder / "run"));
}

class BadWeights : public testing::TestWithParam<BadTensors> {};

TEST_P(BadWeights, AreRefusedByFileAndTensorBeforeAnythingIsWritten) {
  const PlanFolder folder;
  write(folder / "w.safetensors", file_of(GetParam()));
  expect_refused(folder, {"--weights", "w.safetensors", "--random-embeddings", "1"},
                 "w.safetensors: " + GetParam().message);
}

const std::string kWhole = entry("a", "F32", "2", "0,8");
const BadTensors kBadWeights[] = {
    {"NoTensors", "{}", 0, "no tensor "},
    {"UnknownTensor", "{" + kWhole + "}", 8, "unknown tensor a"},
    {"HeaderLongerThanFile", "{}", 0, "cut short: a header of 1000 bytes", 1000},
    {"HeaderOfAllMemory", "{}", 0, "not a safetensors file: a header of ", static_cast<std::size_t>(-1)},
    {"HeaderIsNoJson", "{\"a\":", 0, "not valid JSON at line 1"},
    {"HeaderNestsDeep", std::string(100'000, '['), 0, "brackets nest deeper than 64"},
    {"UnknownDtype", "{" + entry("a", "F31", "2", "0,8") + "}", 8, "/a/dtype: expected F64, "},
    {"PastTheEnd", "{" + entry("a", "F32", "4", "0,16") + "}", 8, "/a/data_offsets: 0 to 16 lies outside"},
    {"Backwards", "{" + entry("a", "F32", "2", "8,0") + "}", 8, "/a/data_offsets: 8 to 0 lies outside"},
    {"NegativeOffset", "{" + entry("a", "F32", "2", "-8,0") + "}", 8, "/a/data_offsets: -8 to 0 lies outside"},
    {"NegativeShape", "{" + entry("a", "F32", "-2", "0,8") + "}", 8, "/a/shape: negative extent -2"},
    {"ShapeThatOverflows", "{" + entry("a", "F32", "4611686018427387904,4", "0,8") + "}", 8, "/a/shape: larger than"},
    {"ShapeOfMoreThan64Bits", "{" + entry("a", "F32", "99999999999999999999", "0,8") + "}", 8, "/a/shape/0: too large"},
    {"SizeThatIsNotTheShapes", "{" + entry("a", "F32", "1", "0,8") + "}", 8, "/a/data_offsets: expected 4 bytes"},
    {"Overlap", "{" + kWhole + "," + entry("b", "F32", "2", "4,12") + "}", 12, "/b: its bytes overlap"},
    {"NameGivenTwice", "{" + kWhole + "," + entry("a", "F32", "2", "8,16") + "}", 16, "/a: given twice"},
    {"BytesLeft", "{" + kWhole + "}", 12, "12 bytes of data, the header describes 8"},
};
INSTANTIATE_TEST_SUITE_P(Weights, BadWeights, testing::ValuesIn(kBadWeights),
                         [](const auto& instance) { return instance.param.name; });

TEST(RunInputs, WeightsThatAreNoneAreNamedAsWritten) {
  const PlanFolder folder;
  std::filesystem::create_directory(folder / "empty");
  expect_refused(folder, {"--weights", "none", "--random-embeddings", "1"}, "none: No such file or directory");
  expect_refused(folder, {"--weights", "empty", "--random-embeddings", "1"}, "empty: no .safetensors files");
  expect_refused(folder, {"--weights", "/dev/null", "--random-embeddings", "1"}, "/dev/null: not a regular file");
}

TEST(RunInputs, EmbeddingsOfAnotherShapeAreNamed) {
  const PlanFolder folder;
  std::filesystem::create_directory(folder / "e");
  const std::vector<std::string> command = {"--random-weights", "1", "--embeddings", "e"};
  const std::string file = "e/request_0000.safetensors: ";
  expect_refused(folder, command, file + "No such file or directory");
  write(folder / "e/request_0000.safetensors", file_of({"", "{}"}));
  expect_refused(folder, command, file + "no tensor text_states");
  write(folder / "e/request_0000.safetensors", file_of({"", "{" + entry("text_states", "F32", "2,1", "0,8") + "}", 8}));
  expect_refused(folder, command, file + "text_states: expected a width of ");
}

TEST(RunInputs, PromptsAreAsManyAsRequests) {
  const PlanFolder folder;
  write(folder / "prompts.txt", "a cat\n");
  expect_refused(folder, {"--random-weights", "1", "--embeddings", "e", "--prompts", "prompts.txt"},
                 "--prompts prompts.txt: expected 2 lines, one a request, got 1");
}

TEST(RunInputs, AnEncoderThatIsNotThereIsMissedBeforeTheRun) {
  const PlanFolder folder;
  const Outcome outcome =
      pipedit({"run", "tiny.plan.json", "-o", "run", "--random-weights", "1", "--random-embeddings", "1"},
              {folder.plan().parent_path(), {"PIPEDIT_FFMPEG=no/ffmpeg"}});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, testing::StartsWith("error: no/ffmpeg: is no program that can be run"));
  EXPECT_FALSE(std::filesystem::exists(folder / "run"));
}

}  // namespace
}  // namespace pipedit::cli_test
