#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/json.h"

namespace pipedit {

// An object of equally long arrays: a table column by column, which is a third of the size of one row by row.
class Columns {
 public:
  explicit Columns(Fields fields) : fields_(std::move(fields)) {}

  std::vector<std::int64_t> integers(const char* key, std::int64_t low, std::int64_t high) {
    return checked(key, fields_.integers(key, low, high));
  }
  std::vector<std::string> strings(const char* key) { return checked(key, fields_.strings(key)); }
  void finish() const { fields_.finish(); }
  Fields& fields() { return fields_; }

 private:
  template <class Column>
  Column checked(const char* key, Column column) {
    if (!rows_) rows_ = column.size();
    if (column.size() != *rows_)
      fields_.fail(key, "expected " + std::to_string(*rows_) + " values as in the first column, got " +
                            std::to_string(column.size()));
    return column;
  }

  Fields fields_;
  std::optional<std::size_t> rows_;
};

}  // namespace pipedit
