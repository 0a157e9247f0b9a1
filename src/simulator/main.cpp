// tollgate-simulator: reads the command line, serves until SIGINT or SIGTERM.
#include "simulator/options.hpp"
#include "simulator/server.hpp"

#include <csignal>
#include <cstdio>

int main(int argc, char** argv) {
    namespace simulator = tollgate::simulator;
    auto options = simulator::parse_options(argc, argv);
    if (!options) {
        std::fputs(options.error().text.c_str(), options.error().status == 0 ? stdout : stderr);
        return options.error().status;
    }
    // Blocked before the threads start, so that they inherit it and only this thread takes the signal.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    const auto server = simulator::Server::start(options->settings);
    if (!server) {
        std::fprintf(stderr, "%s\n", server.error().message.c_str());
        return 2;
    }
    if (!options->quiet) {
        std::printf("tollgate-simulator listening on %s\n", (*server)->url().c_str());
        std::fflush(stdout);
    }
    int signal = 0;
    sigwait(&signals, &signal);
    return 0;
}
