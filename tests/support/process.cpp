#include "support/process.hpp"

#include "support/eventually.hpp"

#include <array>
#include <fcntl.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace tollgate::testing {

namespace {

struct Pipe {
    int read_end = -1;
    int write_end = -1;
};

Pipe make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    return {ends[0], ends[1]};
}

/// Starts it with its standard output, and if wanted its standard error, in the pipe.
pid_t start(const std::string& program, const std::vector<std::string>& arguments,
            const std::filesystem::path& folder, const std::vector<int>& into_pipe, int pipe) {
    std::vector<char*> words{const_cast<char*>(program.c_str())};
    for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
    words.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    for (const int target : into_pipe) posix_spawn_file_actions_adddup2(&actions, pipe, target);
    pid_t id = -1;
    const int fault = ::posix_spawn(&id, program.c_str(), &actions, nullptr, words.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (fault != 0) throw std::runtime_error("cannot start " + program);
    return id;
}

int exit_code_of(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}

} // namespace

Process::Process(const std::string& program, const std::vector<std::string>& arguments,
                 const std::filesystem::path& folder) {
    const Pipe pipe = make_pipe();
    id_ = start(program, arguments, folder, {STDOUT_FILENO, STDERR_FILENO}, pipe.write_end);
    ::close(pipe.write_end);
    reader_ = std::jthread([this, pipe] { collect(pipe.read_end); });
}

Process::~Process() {
    if (try_reap()) return;
    ::kill(id_, SIGKILL);
    ::waitpid(id_, nullptr, 0);
}

void Process::collect(int pipe) {
    std::array<char, 4096> buffer{};
    for (;;) {
        const ssize_t size = ::read(pipe, buffer.data(), buffer.size());
        if (size <= 0) break;
        const std::scoped_lock lock(mutex_);
        output_.append(buffer.data(), static_cast<std::size_t>(size));
    }
    ::close(pipe);
}

std::string Process::output() const {
    const std::scoped_lock lock(mutex_);
    return output_;
}

std::string Process::wait_for(std::string_view mark, std::string_view end) {
    std::string found;
    const auto printed = [&] {
        const std::string text = output();
        const auto at = text.find(mark);
        if (at == std::string::npos) return try_reap();
        const auto begin = at + mark.size();
        const auto stop = text.find(end, begin);
        if (stop == std::string::npos) return try_reap();
        found = text.substr(begin, stop - begin);
        return true;
    };
    eventually(printed, std::chrono::seconds(30));
    return found;
}

void Process::send(int signal) const {
    if (exit_code_ < 0) ::kill(id_, signal);
}

bool Process::try_reap() {
    if (exit_code_ >= 0) return true;
    int status = 0;
    if (::waitpid(id_, &status, WNOHANG) != id_) return false;
    exit_code_ = exit_code_of(status);
    return true;
}

int Process::wait(std::chrono::milliseconds limit) {
    eventually([this] { return try_reap(); }, limit);
    return exit_code_;
}

int Process::stop() {
    send(SIGTERM);
    return wait();
}

Finished run(const std::string& program, const std::vector<std::string>& arguments,
             const std::filesystem::path& folder) {
    const Pipe pipe = make_pipe();
    const pid_t id = start(program, arguments, folder, {STDOUT_FILENO}, pipe.write_end);
    ::close(pipe.write_end);
    Finished finished;
    std::array<char, 4096> buffer{};
    for (;;) {
        const ssize_t size = ::read(pipe.read_end, buffer.data(), buffer.size());
        if (size <= 0) break;
        finished.output.append(buffer.data(), static_cast<std::size_t>(size));
    }
    ::close(pipe.read_end);
    int status = 0;
    ::waitpid(id, &status, 0);
    finished.exit_code = exit_code_of(status);
    return finished;
}

} // namespace tollgate::testing
