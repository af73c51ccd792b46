#pragma once

#include <string_view>

namespace pipedit {

// What the grammar of JSON allows and our files do not: an object that says a key twice, and brackets that nest deeper
// than 64 (the parser does not recurse, but what prints and compares values does). Throws InputError, naming the key.
// Malformed text passes as far as it is well-formed.
void check_json(std::string_view text);

}  // namespace pipedit
