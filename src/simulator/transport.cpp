#include "simulator/transport.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>

#include <poll.h>
#include <sys/socket.h>

namespace tollgate::simulator {

Transport::Transport(Socket socket, asio::ssl::context* tls) {
    if (tls == nullptr)
        plain_ = std::make_unique<Socket>(std::move(socket));
    else
        tls_ = std::make_unique<asio::ssl::stream<Socket>>(std::move(socket), *tls);
}

Task<boost::system::error_code> Transport::handshake() {
    boost::system::error_code error;
    if (tls_) {
        auto token = asio::redirect_error(use_task, error);
        co_await tls_->async_handshake(asio::ssl::stream_base::server, token);
    }
    co_return error;
}

Task<Moved> Transport::read_some(asio::mutable_buffer buffer) {
    Moved moved;
    auto token = asio::redirect_error(use_task, moved.error);
    if (tls_) {
        moved.bytes = co_await tls_->async_read_some(buffer, token);
    } else {
        moved.bytes = co_await plain_->async_read_some(buffer, token);
    }
    co_return moved;
}

Task<Moved> Transport::write(std::string_view bytes) {
    Moved moved;
    const auto buffer = asio::buffer(bytes.data(), bytes.size());
    auto token = asio::redirect_error(use_task, moved.error);
    if (tls_) {
        moved.bytes = co_await asio::async_write(*tls_, buffer, token);
    } else {
        moved.bytes = co_await asio::async_write(*plain_, buffer, token);
    }
    co_return moved;
}

bool Transport::peer_is_gone() {
    if (!socket().is_open()) return true;
    pollfd state{.fd = socket().native_handle(), .events = POLLRDHUP, .revents = 0};
    return ::poll(&state, 1, 0) > 0 && (state.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

void Transport::close() {
    boost::system::error_code ignored;
    socket().close(ignored);
}

void Transport::reset() {
    boost::system::error_code ignored;
    socket().set_option(asio::socket_base::linger(true, 0), ignored);
    socket().close(ignored);
}

void Transport::end_writing() {
    boost::system::error_code ignored;
    socket().shutdown(asio::socket_base::shutdown_send, ignored);
}

} // namespace tollgate::simulator
