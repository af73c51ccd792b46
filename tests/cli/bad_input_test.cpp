#include <gmock/gmock.h>

#include "tests/cli/program.h"

namespace pipedit::cli_test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

struct Case {
  std::string name;
  std::vector<std::string> arguments;
  std::string message;  // part of the last line of stderr
  friend void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }
};

class BadInput : public testing::TestWithParam<Case> {};

TEST_P(BadInput, ExitsWithTwoAndSaysWhatIsWrong) {
  const Outcome outcome = pipedit(GetParam().arguments);
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(last_line(outcome.err), StartsWith("error: "));
  EXPECT_THAT(last_line(outcome.err), HasSubstr(GetParam().message));
}

const Case kOptions[] = {
    {"NoCommand", {}, "a command is required"},
    {"UnknownCommand", {"lsit"}, "lsit: no such command; there are list, devices"},
    {"UnknownOption", {"list", "--jsn"}, "--jsn"},
    {"UnknownKind", {"list", "modles"}, "kind: expected models, clusters, workloads, got \"modles\""},
    {"MissingArgument", {"compare", "a.json"}, "measured is required"},
    {"MissingFile", {"compare", "no/such.json", "b.json"}, "no/such.json: No such file or directory"},
    {"UnwritableOutput", {"devices", "-o", "no/such/cluster.json"}, "no/such/cluster.json"},
};
INSTANTIATE_TEST_SUITE_P(Options, BadInput, testing::ValuesIn(kOptions),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace pipedit::cli_test
