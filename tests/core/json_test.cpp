#include "core/json.h"

#include <gmock/gmock.h>

namespace pipedit {
namespace {

template <class Read>
std::string refusal(Read read) {
  try {
    read();
  } catch (const InputError& e) {
    return e.what();
  }
  return "accepted";
}

TEST(ParseJson, AllowsBracketsSixtyFourDeepAndAnyNumberInStrings) {
  EXPECT_NO_THROW(parse_json(std::string(64, '[') + std::string(64, ']')));
  EXPECT_NO_THROW(parse_json('"' + std::string(1000, '[') + "\\\"" + std::string(1000, '[') + '"'));
  EXPECT_EQ(refusal([] { parse_json(std::string(65, '[') + std::string(65, ']')); }), "brackets nest deeper than 64");
}

TEST(ParseJson, RefusesAMillionBracketsWithoutRecursion) {
  EXPECT_EQ(refusal([] { parse_json(std::string(1'000'000, '[')); }), "brackets nest deeper than 64");
}

TEST(ParseJson, RefusesAKeyThatIsGivenTwiceByName) {
  EXPECT_EQ(refusal([] { parse_json(R"({"a": 1, "b": [0, {"c": 1, "d": {}, "c": 2}]})"); }), "/b/1/c: given twice");
  EXPECT_EQ(refusal([] { parse_json(R"({"a": 1, "\u0061": 2})"); }), "/a: given twice");
  EXPECT_NO_THROW(parse_json(R"([{"a": {"a": 1}}, {"a": "a"}])"));
}

TEST(ToText, BreaksWhatDoesNotFitALine) {
  Json json;
  json["name"] = "n";
  json["links"] = {{{"a", "gpu0"}, {"b", "gpu1"}}};
  json["long"] = Json::array();
  for (int i = 0; i < 3; ++i) json["long"].push_back({{"key", std::string(60, 'x')}});
  const std::string entry = "    {\"key\": \"" + std::string(60, 'x') + "\"}";
  EXPECT_EQ(to_text(json),
            "{\n"
            "  \"name\": \"n\",\n"
            "  \"links\": [{\"a\": \"gpu0\", \"b\": \"gpu1\"}],\n"
            "  \"long\": [\n" +
                entry + ",\n" + entry + ",\n" + entry + "\n  ]\n}\n");
  EXPECT_EQ(parse_json(to_text(json)), json);
}

TEST(ToText, LeavesNumbersOnOneLine) {
  const Json json = {{"dims", std::vector<int>(100, 12345)}};
  EXPECT_EQ(to_text(json).find("\n"), 1u);
  EXPECT_EQ(parse_json(to_text(json)), json);
}

TEST(Fields, RefuseWhatNobodyAskedFor) {
  const Json json = parse_json(R"({"a": 1, "b": 2})");
  Fields fields(json, "/top");
  EXPECT_EQ(fields.integer("a"), 1);
  EXPECT_EQ(refusal([&] { fields.finish(); }), "/top/b: unknown key");
}

TEST(Fields, NameElementsOfArrays) {
  const Json json =
      parse_json(R"({"i": [1, -2], "u": [18446744073709551615], "s": ["a", null], "n": [1, true], "o": [{}, 3]})");
  Fields fields(json, "");
  EXPECT_EQ(fields.integers("i"), (std::vector<std::int64_t>{1, -2}));
  EXPECT_EQ(refusal([&] { fields.integers("i", 0, 5); }), "/i/1: expected 0 to 5, got -2");
  EXPECT_EQ(refusal([&] { fields.integers("u"); }), "/u/0: too large");
  EXPECT_EQ(refusal([&] { fields.strings("s"); }), "/s/1: expected a string, got null");
  EXPECT_EQ(refusal([&] { fields.numbers("n"); }), "/n/1: expected a number, got boolean");
  EXPECT_EQ(refusal([&] { fields.objects("o"); }), "/o/1: expected an object, got number");
}

TEST(Fields, QuoteAnyKeyInOneShortLine) {
  const Json json = {{"line\nbreak" + std::string(1000, 'x'), 1}};
  const std::string message = refusal([&] { Fields(json, "").finish(); });
  EXPECT_TRUE(message.starts_with("/line?breakxxx")) << message;
  EXPECT_EQ(message.size(), 403u);
}

TEST(Fields, CutNoLetterInHalf) {
  std::string letters;
  for (int i = 0; i < 300; ++i) letters += "\u00e9";  // two bytes each, from byte 1 on: byte 400 is a second half
  const std::string message = refusal([&] { Fields(Json{{letters, 1}}, "").finish(); });
  EXPECT_EQ(message.size(), 402u);
  EXPECT_NO_THROW(Json(message).dump());
}

TEST(Header, NamesVersionCommitAndMachine) {
  const Json json = header("pipedit.plan", 3);
  EXPECT_EQ(json.begin().key(), "format");
  const Json& made_by = json.at("made_by");
  EXPECT_THAT(made_by.at("pipedit").get<std::string>(), testing::MatchesRegex("[0-9]+[.][0-9]+[.][0-9]+"));
  EXPECT_THAT(made_by.at("commit").get<std::string>(), testing::MatchesRegex("unknown|[0-9a-f]{12,}"));
  EXPECT_THAT(made_by.at("machine").get<std::string>(), testing::MatchesRegex(".+, [1-9][0-9]* cores"));
  EXPECT_FALSE(embedded(json).contains("made_by"));
}

}  // namespace
}  // namespace pipedit
