#include "core/json_check.h"

#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/json.h"

namespace pipedit {

namespace {

constexpr std::size_t kDeepest = 64;  // our files nest eight deep at most

// Told of every value as the parser comes to it; keeps none.
class Check final : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return value(); }
  bool boolean(bool) override { return value(); }
  bool number_integer(number_integer_t) override { return value(); }
  bool number_unsigned(number_unsigned_t) override { return value(); }
  bool number_float(number_float_t, const string_t&) override { return value(); }
  bool string(string_t&) override { return value(); }
  bool binary(binary_t&) override { return value(); }
  bool start_object(std::size_t) override { return open(true); }
  bool start_array(std::size_t) override { return open(false); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& key) override {
    levels_.back().key = key;
    if (!levels_.back().keys.insert(key).second) throw InputError(one_line(path() + ": given twice"));
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const Json::exception&) override { return false; }

 private:
  struct Level {
    bool is_object;
    std::string key;  // of an object: of the value being read
    std::set<std::string> keys;
    std::size_t elements = 0;  // of an array: so far
  };

  bool value() {
    if (!levels_.empty()) ++levels_.back().elements;
    return true;
  }
  bool open(bool is_object) {
    value();
    if (levels_.size() == kDeepest) throw InputError(fmt::format("brackets nest deeper than {}", kDeepest));
    levels_.push_back({is_object, {}, {}});
    return true;
  }
  bool close() {
    levels_.pop_back();
    return true;
  }
  std::string path() const {
    std::string path;
    for (const Level& level : levels_) path += "/" + (level.is_object ? level.key : std::to_string(level.elements - 1));
    return path;
  }

  std::vector<Level> levels_;
};

}  // namespace

void check_json(std::string_view text) {
  Check check;
  Json::sax_parse(text, &check);
}

}  // namespace pipedit
