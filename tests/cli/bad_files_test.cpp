#include <gmock/gmock.h>

#include "tests/cli/plans.h"

namespace pipedit::cli_test {
namespace {

using testing::StartsWith;

struct BadFile {
  std::string name, text;
  std::string message;  // behind the file's name
  friend void PrintTo(const BadFile& file, std::ostream* out) { *out << file.name; }
};

class BadFiles : public testing::TestWithParam<BadFile> {};

// Whichever command reads it, and as whatever.
TEST_P(BadFiles, AreRefusedInOneLineByEveryReader) {
  const TemporaryFolder folder;
  write(folder / "bad.json", GetParam().text);
  const std::vector<std::string> commands[] = {
      {"show", "bad.json"},
      {"compare", "bad.json", "bad.json"},
      {"plan", "--model", "bad.json", "--cluster", "cpu"},
      {"plan", "--model", "hunyuanvideo", "--cluster", "bad.json"},
      {"plan", "--model", "hunyuanvideo", "--cluster", "cpu", "--workload", "bad.json"},
      tiny_plan_command(1, {"--profile", "bad.json"})};
  for (const auto& command : commands) {
    const Outcome outcome = pipedit(command, {.folder = folder.path()});
    EXPECT_EQ(outcome.code, 2) << command[0];
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(outcome.err, last_line(outcome.err) + "\n");
    EXPECT_THAT(outcome.err, StartsWith("error: bad.json: " + GetParam().message));
  }
}

const BadFile kBadFiles[] = {
    {"Empty", "", "not valid JSON at line 1, column 1"},
    {"Blank", " \r\n\r\n", "not valid JSON at line 3, column 1"},
    {"Zeros", std::string(100, '\0'), "not valid JSON at line 1, column 1"},
    {"NoUtf8", "{\"format\": \"\xff\"}", "not valid JSON at line 1, column 13"},
    {"Utf16", std::string("\xff\xfe{\0}\0", 6), "not valid JSON at line 1, column 1"},
    {"BrokenOff", "{\"format\": \"pipedit", "not valid JSON at line 1, column 20"},
    {"TwoInOne", "{}{}", "not valid JSON at line 1, column 3"},
    {"Comment", "// a plan\n{}", "not valid JSON at line 1, column 1"},
    {"Infinity", "{\"format\": Infinity}", "not valid JSON at line 1, column 12"},
    {"TooLargeANumber", "{\"format\": 1e999}", "not valid JSON: number overflow parsing '1e999'"},
    {"MillionBrackets", std::string(1'000'000, '['), "brackets nest deeper than 64"},
    {"DeepObjects",
     [] {
       std::string text;
       for (int i = 0; i < 100'000; ++i) text += "{\"a\":";
       return text;
     }(),
     "brackets nest deeper than 64"},
    {"KeyGivenTwice", "{\"format\": \"pipedit.plan\", \"format\": \"pipedit.model\"}", "/format: given twice"},
    {"Array", "[]", "/: expected an object, got array"},
    {"Number", "1", "/: expected an object, got number"},
    {"NoFormat", "{}", "/format: missing"},
    {"FormatIsANumber", "{\"format\": 1}", "/format: expected a string, got number"},
    {"AnotherFormat", "{\"format\": \"pipedit.planet\"}", "/format: expected \"pipedit."},
};
INSTANTIATE_TEST_SUITE_P(Files, BadFiles, testing::ValuesIn(kBadFiles),
                         [](const auto& instance) { return instance.param.name; });

TEST(Files, OfOtherSystemsAreRead) {
  const PlanFolder folder;
  std::string text = text_of(folder.plan());
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 2)) text.insert(at, "\r");
  write(folder / "windows.json", "\xef\xbb\xbf" + text);
  EXPECT_EQ(folder.run({"show", "windows.json"}).out, folder.run({"show", "tiny.plan.json"}).out);
}

TEST(Files, WithNamesThatWouldMoveTheCursorAreRefused) {
  const PlanFolder folder;
  folder.damage("bad.json", "\"name\": \"dedivae\"", "\"name\": \"a\\u001b[2J\"");
  EXPECT_EQ(folder.run({"show", "bad.json"}).err,
            "error: bad.json: /plan/name: expected no control characters, got \"a\\u001b[2J\"\n");
}

TEST(Files, ThatAreNoneAreNamed) {
  const TemporaryFolder folder;
  const auto line = [&](const std::string& path) {
    const Outcome outcome = pipedit({"show", path}, {.folder = folder.path()});
    EXPECT_EQ(outcome.code, 2);
    return outcome.err;
  };
  EXPECT_EQ(line("."), "error: .: is a folder, not a file\n");
  EXPECT_EQ(line("/dev/null"), "error: /dev/null: not valid JSON at line 1, column 1\n");
  EXPECT_EQ(line("none.json/plan.json"), "error: none.json/plan.json: No such file or directory\n");
  EXPECT_EQ(line(std::string(300, 'a')), "error: " + std::string(300, 'a') + ": File name too long\n");
  EXPECT_EQ(line("a\x1b[2J\nb"), "error: a?[2J b: No such file or directory\n");
}

}  // namespace
}  // namespace pipedit::cli_test
