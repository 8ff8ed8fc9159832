#include "framewire/service/worker_pool.hpp"

#include <exception>
#include <memory>
#include <new>
#include <utility>

namespace framewire {
namespace {

std::string words_if_possible(const char* words) noexcept {
    try {
        return words;
    } catch (const std::bad_alloc&) {
        return "out of memory";
    }
}

class offloaded final : public service {
public:
    using function = std::shared_ptr<const std::function<std::string(bytes)>>;

    offloaded(worker_pool& pool, function answer, order replies)
        : pool_(pool), answer_(std::move(answer)), order_(replies) {}

    void receive(const piece& message, outbox& replies) override {
        // Shared, as a task must be copyable.
        auto reply =
            std::make_shared<deferred_reply>(replies.defer(order_, message.payload.size()));
        pool_.run([answer = answer_, reply, request = std::string(message.payload)] {
            if (!reply->wanted()) return reply->skip();
            try {
                reply->reply((*answer)(request));
            } catch (const std::bad_alloc&) {
                reply->fail("out of memory");
            } catch (const std::exception& thrown) {
                reply->fail(words_if_possible(thrown.what()));
            } catch (...) {
                reply->fail(words_if_possible("the service threw"));
            }
        });
    }

private:
    worker_pool& pool_;
    function answer_;
    order order_;
};

}  // namespace

worker_pool::worker_pool(unsigned threads) {
    try {
        threads_.reserve(threads);
        for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
    } catch (...) {
        stop();
        throw;
    }
}

worker_pool::~worker_pool() { stop(); }

// Tasks are dropped without the lock: what they own may call `run`.
void worker_pool::stop() {
    std::list<std::function<void()>> dropped;
    {
        const std::lock_guard lock(mutex_);
        stops_ = true;
        dropped.swap(tasks_);
    }
    changed_.notify_all();
    dropped.clear();
    for (auto& thread : threads_) thread.join();
}

void worker_pool::run(std::function<void()> task) {
    {
        const std::lock_guard lock(mutex_);
        if (stops_) return;
        tasks_.push_back(std::move(task));
    }
    changed_.notify_one();
}

void worker_pool::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return stops_ || !tasks_.empty(); });
        if (stops_) return;
        auto task = std::move(tasks_.front());
        tasks_.pop_front();
        lock.unlock();
        task();
        task = nullptr;  // what it holds may be freed now, without the lock
        lock.lock();
    }
}

service_factory offload(worker_pool& pool, std::function<std::string(bytes)> answer,
                        order replies) {
    const auto shared =
        std::make_shared<const std::function<std::string(bytes)>>(std::move(answer));
    return [&pool, shared, replies] { return std::make_unique<offloaded>(pool, shared, replies); };
}

}  // namespace framewire
