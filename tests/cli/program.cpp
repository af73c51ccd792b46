#include "tests/cli/program.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace pipedit::cli_test {

namespace {

const char* const kProgram = PIPEDIT_BINARY_DIR "/bin/pipedit";

void send_to(int descriptor, const std::filesystem::path& file) {
  dup2(open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), descriptor);
}

[[noreturn]] void become_pipedit(std::vector<std::string> words, const Setting& setting,
                                 const std::filesystem::path& folder) {
  send_to(STDOUT_FILENO, setting.standard_output.empty() ? folder / "stdout" : setting.standard_output);
  send_to(STDERR_FILENO, folder / "stderr");
  for (const std::string& variable : setting.environment) {
    const auto equals = variable.find('=');
    setenv(variable.substr(0, equals).c_str(), variable.substr(equals + 1).c_str(), 1);
  }
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::signal(SIGHUP, SIG_DFL);  // whoever runs the tests may ignore it
  if (setting.folder.empty() || chdir(setting.folder.c_str()) == 0) execv(kProgram, argv.data());
  _exit(127);
}

}  // namespace

Outcome pipedit(const std::vector<std::string>& arguments, const Setting& setting) {
  const TemporaryFolder folder;
  std::vector<std::string> words = {"pipedit"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  Setting complete = setting;
  if (complete.folder.empty()) complete.folder = folder.path();
  const pid_t child = fork();
  if (child == 0) become_pipedit(words, complete, folder.path());
  if (child < 0) throw std::runtime_error("pipedit could not be started");
  const auto start = std::chrono::steady_clock::now();
  int status = 0;
  pid_t ended = 0;
  if (setting.interrupt_after_ms > 0) {
    while (!setting.interrupt_behind.empty() && !exists(complete.folder / setting.interrupt_behind) && ended == 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      ended = waitpid(child, &status, WNOHANG);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(setting.interrupt_after_ms));
    if (ended == 0) kill(child, setting.signal);
  }
  if (ended == 0) waitpid(child, &status, 0);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), text_of(folder / "stdout"),
          text_of(folder / "stderr"), taken.count()};
}

std::string last_line(const std::string& text) {
  if (text.empty() || text.back() != '\n') return "";
  const auto before = text.size() < 2 ? std::string::npos : text.rfind('\n', text.size() - 2);
  const auto begin = before == std::string::npos ? 0 : before + 1;
  return text.substr(begin, text.size() - 1 - begin);
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

}  // namespace pipedit::cli_test
