#include "cli/command_line.h"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <new>
#include <string>

#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/help.h"
#include "cli/options.h"
#include "cli/output.h"
#include "core/error.h"
#include "core/version.h"

namespace pipedit::cli {

namespace {

struct Entry {
  std::unique_ptr<Command> command;
  std::unique_ptr<Options> options;
  CLI::App* app = nullptr;
  bool help = false;
};

// Help is an ordinary flag, so that the text is ours; CLI11's own differs from version to version.
void add_command(CLI::App& program, Entry& entry) {
  const About about = entry.command->about();
  entry.app = program.add_subcommand(about.name, about.summary);
  entry.app->set_help_flag();
  entry.options = std::make_unique<Options>(*entry.app);
  entry.command->declare(*entry.options);
  entry.options->flag("-h,--help", entry.help, "this text");
}

bool asks_for_help(int argc, const char* const* argv) {
  return std::any_of(argv + 1, argv + argc, [](std::string_view word) { return word == "-h" || word == "--help"; });
}

std::string program_help(const std::vector<Entry>& entries) {
  std::vector<About> abouts;
  for (const Entry& entry : entries) abouts.push_back(entry.command->about());
  return help_text(abouts);
}

// Help of the command that is named, whatever else stands on the line.
void show_help(const std::vector<Entry>& entries, int argc, const char* const* argv) {
  for (const Entry& entry : entries)
    if (argc > 1 && entry.app->get_name() == argv[1])
      return answer(help_text(entry.command->about(), entry.options->declared()));
  answer(program_help(entries));
}

void check_command(const std::vector<Entry>& entries, const std::string& given) {
  std::string names;
  for (const Entry& entry : entries) {
    if (entry.app->get_name() == given) return;
    names += (names.empty() ? "" : ", ") + entry.app->get_name();
  }
  throw InputError(given + ": no such command; there are " + names);
}

// What nobody types, but a script whose variable is empty.
void refuse_empty(int argc, const char* const* argv) {
  for (int i = 2; i < argc; ++i)
    if (*argv[i] == '\0')
      throw InputError(std::string(*argv[i - 1] == '-' ? argv[i - 1] : "an argument") + ": expected a value, got \"\"");
}

void parse(CLI::App& program, int argc, const char* const* argv) try {
  program.parse(argc, argv);
} catch (const CLI::ParseError& e) {
  std::string message = e.what();
  std::replace(message.begin(), message.end(), '\n', ' ');
  throw InputError(message.substr(0, message.find_last_not_of(' ') + 1) + " (see pipedit " + argv[1] + " --help)");
}

void run(int argc, const char* const* argv) {
  CLI::App program;
  program.set_help_flag();
  std::vector<Entry> entries;
  for (auto& command : all_commands()) entries.push_back({std::move(command), nullptr, nullptr, false});
  for (Entry& entry : entries) add_command(program, entry);

  if (argc < 2) throw InputError("a command is required (see pipedit --help)");
  if (asks_for_help(argc, argv)) return show_help(entries, argc, argv);
  if (std::string_view(argv[1]) == "--version") return answer(std::string("pipedit ") + kVersion + "\n");
  check_command(entries, argv[1]);
  refuse_empty(argc, argv);
  parse(program, argc, argv);
  for (const Entry& entry : entries)
    if (entry.app->parsed()) {
      entry.options->check_outputs();
      entry.command->run();
    }
}

// The last line of stderr, whatever a message holds.
int failed(int code, std::string message) {
  std::replace(message.begin(), message.end(), '\n', ' ');
  std::replace_if(
      message.begin(), message.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  remark("error: " + message);
  return code;
}

}  // namespace

int run_command_line(int argc, const char* const* argv) try {
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error of the write, as a full disk is
  run(argc, argv);
  return 0;
} catch (const InputError& e) {
  return failed(2, e.what());
} catch (const NoFeasiblePlan& e) {
  return failed(3, e.what());
} catch (const std::filesystem::filesystem_error& e) {
  return failed(2, e.path1().string() + ": " + e.code().message());
} catch (const std::bad_alloc&) {
  return failed(1, "out of memory");
} catch (const std::exception& e) {
  return failed(1, e.what());
}

}  // namespace pipedit::cli
