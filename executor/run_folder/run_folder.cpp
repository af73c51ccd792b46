#include "executor/run_folder/run_folder.h"

#include <fmt/format.h>

#include "core/error.h"
#include "core/file.h"
#include "executor/run_folder/journal.h"

namespace pipedit::executor {

namespace {

void make_empty_folder(const std::filesystem::path& root) {
  std::error_code code;
  if (std::filesystem::exists(root) && !std::filesystem::is_directory(root))
    throw InputError(fmt::format("{}: not a folder", root.string()));
  std::filesystem::create_directories(root, code);
  if (code) throw InputError(fmt::format("{}: cannot be made: {}", root.string(), code.message()));
  const bool empty = std::filesystem::is_empty(root, code);
  if (code) throw InputError(fmt::format("{}: cannot be read: {}", root.string(), code.message()));
  if (!empty) throw InputError(fmt::format("{}: not empty; a run starts in a new or an empty folder", root.string()));
}

}  // namespace

std::string request_name(RequestId request) { return fmt::format("request_{:04}", index(request)); }

std::filesystem::path RunFolder::latent(RequestId request) const {
  return latents() / (request_name(request) + ".safetensors");
}

std::filesystem::path RunFolder::video(RequestId request) const { return root_ / (request_name(request) + ".mp4"); }

RunFolder start_run(const std::filesystem::path& root, std::string_view plan_text, const RunOrigin& origin) {
  make_empty_folder(root);
  RunFolder folder(root);
  try {
    write_file(folder.plan(), plan_text);
    Journal(folder.journal()).start(origin);
  } catch (...) {  // on a full disk: the same command can start again
    std::error_code ignored;
    std::filesystem::remove(folder.plan(), ignored);
    std::filesystem::remove(folder.journal(), ignored);
    throw;
  }
  return folder;
}

}  // namespace pipedit::executor
