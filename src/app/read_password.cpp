#include "app/read_password.hpp"

#include "tollgate/base/password.hpp"

#include <termios.h>
#include <unistd.h>

#include <cstring>

namespace tollgate::app {

namespace {

/// Standard input shows nothing while it lives.
class EchoOff {
public:
    EchoOff() {
        known_ = ::tcgetattr(STDIN_FILENO, &before_) == 0;
        termios silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        if (known_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    EchoOff(const EchoOff&) = delete;
    EchoOff& operator=(const EchoOff&) = delete;
    ~EchoOff() {
        if (known_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }

private:
    termios before_{};
    bool known_ = false;
};

base::Secret read_line(std::istream& in) {
    std::string line;
    std::getline(in, line);
    if (line.ends_with('\r')) line.pop_back();
    base::Secret secret(line);
    ::explicit_bzero(line.data(), line.capacity());
    return secret;
}

base::Secret ask(Terminal& terminal, const char* prompt) {
    const EchoOff silence;
    terminal.error << prompt << std::flush;
    base::Secret answer = read_line(terminal.in);
    terminal.error << '\n';
    return answer;
}

} // namespace

base::Result<base::Secret> read_password(Terminal& terminal) {
    const bool person = terminal.input == Input::keyboard;
    base::Secret password = person ? ask(terminal, "Password: ") : read_line(terminal.in);
    if (!person && password.empty()) {
        return base::reject(base::ErrorCode::invalid_field,
                            "there is no password on standard input: pipe it in, or run the command in a "
                            "terminal to be asked",
                            "password");
    }
    if (auto length = base::check_password_length(password); !length) {
        return base::fail(std::move(length.error()));
    }
    if (person && ask(terminal, "Once more: ") != password) {
        return base::reject(base::ErrorCode::invalid_field, "the two passwords differ: try again",
                            "password");
    }
    return password;
}

} // namespace tollgate::app
