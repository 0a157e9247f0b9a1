#include "tollgate/runtime/spawn.hpp"

#include "tollgate/telemetry/log.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/intrusive/list.hpp>

#include <exception>
#include <utility>

namespace tollgate::runtime {

namespace {

using Hook = boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

/// The coroutine that awaits a spawned task: nobody awaits it, so its frame ends itself.
class Root {
public:
    class promise_type final : public PromiseBase, public Hook {
    public:
        // style(function-names): the language's name
        Root get_return_object() noexcept { return Root(*this); }
        std::suspend_never final_suspend() const noexcept { return {}; }
        void return_void() const noexcept {}
    };

    promise_type& promise() const { return *promise_; }

private:
    explicit Root(promise_type& promise) : promise_(&promise) {}
    promise_type* promise_;
};

/// The roots of a loop; those that still wait when it dies are destroyed with it.
class Roots final : public boost::asio::execution_context::service {
public:
    using key_type = Roots;
    inline static boost::asio::execution_context::id id{};

    explicit Roots(boost::asio::execution_context& context) : service(context) {}
    void add(Root::promise_type& root) { waiting_.push_back(root); }
    void shutdown() override {
        while (!waiting_.empty())
            std::coroutine_handle<Root::promise_type>::from_promise(waiting_.front()).destroy();
    }

private:
    boost::intrusive::list<Root::promise_type, boost::intrusive::constant_time_size<false>> waiting_;
};

void log_escape(std::string_view name) {
    try {
        throw;
    } catch (const std::exception& exception) {
        telemetry::log_error("a task ended by an exception",
                             {{"task", name}, {"exception", std::string_view(exception.what())}});
    } catch (...) {
        telemetry::log_error("a task ended by an unknown exception", {{"task", name}});
    }
}

Root drive(Task<> task, std::string_view name) {
    try {
        co_await std::move(task);
    } catch (...) {
        log_escape(name);
    }
}

/// Begins a root on its loop's thread; a loop that dies before destroys it unbegun.
class Start {
public:
    Start(Loop& loop, Root::promise_type& root) : loop_(&loop), root_(&root) {}
    Start(Start&& other) noexcept : loop_(other.loop_), root_(std::exchange(other.root_, nullptr)) {}
    Start(const Start&) = delete;
    Start& operator=(const Start&) = delete;
    Start& operator=(Start&&) = delete;
    ~Start() {
        if (root_ != nullptr) handle().destroy();
    }

    void operator()() {
        boost::asio::use_service<Roots>(*loop_).add(*root_);
        const auto root = handle();
        root_ = nullptr;
        root.resume();
    }

private:
    std::coroutine_handle<Root::promise_type> handle() const {
        return std::coroutine_handle<Root::promise_type>::from_promise(*root_);
    }

    Loop* loop_;
    Root::promise_type* root_;
};

} // namespace

void spawn(Loop& loop, Task<> task, std::string_view name) {
    Root::promise_type& root = drive(std::move(task), name).promise();
    root.follow(loop, std::noop_coroutine());
    boost::asio::dispatch(loop, Start(loop, root));
}

} // namespace tollgate::runtime
