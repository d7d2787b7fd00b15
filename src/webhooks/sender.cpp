#include "webhooks/sender.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

#include <curl/curl.h>
#include <fmt/format.h>

#include "base/check.hpp"
#include "webhooks/address_guard.hpp"

namespace parley::webhooks {

namespace {

/// More than this of an answer is not even read.
constexpr std::size_t answer_bytes_max = 65'536;

struct EasyDeleter {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct ListDeleter {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct MultiDeleter {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

}  // namespace

/// One post on its way. libcurl reads from it and writes into it until it ends.
struct Sender::Transfer {
    Post post;
    Done done;
    Addresses addresses = Addresses::all;
    std::unique_ptr<CURL, EasyDeleter> easy = {};
    std::unique_ptr<curl_slist, ListDeleter> headers = {};
    std::array<char, CURL_ERROR_SIZE> error = {};
    std::size_t answer_bytes = 0;
    bool address_refused = false;

    static std::size_t take_answer(char* /*bytes*/, std::size_t size, std::size_t count, void* self) {
        auto& transfer = *static_cast<Transfer*>(self);
        transfer.answer_bytes += size * count;
        return transfer.answer_bytes <= answer_bytes_max ? size * count : 0;
    }

    static curl_socket_t open_socket(void* self, curlsocktype /*purpose*/, curl_sockaddr* address) {
        auto& transfer = *static_cast<Transfer*>(self);
        if (transfer.addresses == Addresses::only_public && is_private_address(address->addr)) {
            transfer.address_refused = true;
            return CURL_SOCKET_BAD;
        }
        return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    }

    /// A connection that was kept may be from a time when private addresses were allowed.
    static int check_connection(void* self, char* address, char* /*local*/, int /*port*/,
                                int /*local_port*/) {
        auto& transfer = *static_cast<Transfer*>(self);
        if (transfer.addresses == Addresses::all) return CURL_PREREQFUNC_OK;
        const auto known = parse_ip_address(address);
        transfer.address_refused = !known || is_private_address(*known);
        return transfer.address_refused ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
    }

    /// False when there is no memory for it.
    [[nodiscard]] bool add_header(const std::string& line) {
        auto* const list = curl_slist_append(headers.get(), line.c_str());
        if (list == nullptr) return false;
        if (!headers) headers.reset(list);  // else it is the one that is there
        return true;
    }

    [[nodiscard]] Answer answer(CURLcode result) const;
};

struct Sender::State {
    Options options;
    std::unique_ptr<CURLM, MultiDeleter> multi;
    std::unordered_map<CURL*, std::unique_ptr<Transfer>> transfers = {};

    [[nodiscard]] bool set_up(Transfer& transfer) const;
    void finish(CURL* easy, CURLcode result);
};

Answer Sender::Transfer::answer(CURLcode result) const {
    long status = 0;
    curl_off_t microseconds = 0;
    curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy.get(), CURLINFO_TOTAL_TIME_T, &microseconds);
    Answer answer{.status = static_cast<int>(status), .duration_ms = microseconds / 1'000};
    // Who sends a long answer has taken the request all the same.
    const bool cut_off = result == CURLE_WRITE_ERROR && answer_bytes > answer_bytes_max;
    if (result != CURLE_OK && !cut_off) {
        answer.status = 0;
        answer.error = error[0] != '\0' ? error.data() : curl_easy_strerror(result);
        if (address_refused)
            answer.error = "The address is private, which webhooks.forbid_private_addresses forbids.";
    } else if (status >= 300 && status < 400) {
        answer.error = fmt::format("The answer was {}; redirects are not followed.", status);
    } else if (status < 200 || status >= 300) {
        answer.error = fmt::format("The answer was {}.", status);
    }
    return answer;
}

/// False when there is no memory for it.
bool Sender::State::set_up(Transfer& transfer) const {
    transfer.addresses = options.addresses;
    transfer.easy.reset(curl_easy_init());
    if (!transfer.easy) return false;
    // Long posts would ask first whether they are welcome, and wait for the answer.
    if (!transfer.add_header("Expect:")) return false;
    for (const auto& line : transfer.post.header_lines)
        if (!transfer.add_header(line)) return false;
    auto* const easy = transfer.easy.get();
    const auto set = [easy](CURLoption option, auto value) {
        return curl_easy_setopt(easy, option, value) == CURLE_OK;
    };
    return set(CURLOPT_URL, transfer.post.url.c_str()) && set(CURLOPT_PROTOCOLS_STR, "http,https") &&
           set(CURLOPT_POST, 1L) && set(CURLOPT_POSTFIELDS, transfer.post.body.data()) &&
           set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(transfer.post.body.size())) &&
           set(CURLOPT_HTTPHEADER, transfer.headers.get()) &&
           // HTTP/2 would write the names of headers in lower case.
           set(CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1}) && set(CURLOPT_FOLLOWLOCATION, 0L) &&
           set(CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout_ms)) && set(CURLOPT_PROXY, "") &&
           set(CURLOPT_SSL_VERIFYPEER, 1L) && set(CURLOPT_SSL_VERIFYHOST, 2L) &&
           (options.ca_file.empty() || set(CURLOPT_CAINFO, options.ca_file.c_str())) &&
           // Without it a name server that does not answer would be waited for.
           set(CURLOPT_QUICK_EXIT, 1L) && set(CURLOPT_NOSIGNAL, 1L) &&
           set(CURLOPT_ERRORBUFFER, transfer.error.data()) && set(CURLOPT_WRITEDATA, &transfer) &&
           set(CURLOPT_WRITEFUNCTION, &Transfer::take_answer) && set(CURLOPT_OPENSOCKETDATA, &transfer) &&
           set(CURLOPT_OPENSOCKETFUNCTION, &Transfer::open_socket) && set(CURLOPT_PREREQDATA, &transfer) &&
           set(CURLOPT_PREREQFUNCTION, &Transfer::check_connection);
}

void Sender::State::finish(CURL* easy, CURLcode result) {
    auto node = transfers.extract(easy);
    curl_multi_remove_handle(multi.get(), easy);
    const auto& transfer = *node.mapped();
    transfer.done(transfer.answer(result));
}

Sender::Sender(const Options& options) : state_(std::make_unique<State>()) {
    PARLEY_CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK, "libcurl cannot be set up");
    state_->multi.reset(curl_multi_init());
    PARLEY_CHECK(state_->multi != nullptr, "libcurl cannot be set up");
    set_options(options);
}

Sender::~Sender() {
    for (const auto& [easy, transfer] : state_->transfers)
        curl_multi_remove_handle(state_->multi.get(), easy);
}

void Sender::set_options(const Options& options) {
    state_->options = options;
    curl_multi_setopt(state_->multi.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(options.connections_max));
}

void Sender::send(Post post, Done done) {
    auto transfer = std::make_unique<Transfer>(Transfer{.post = std::move(post), .done = std::move(done)});
    auto* const easy = state_->set_up(*transfer) ? transfer->easy.get() : nullptr;
    if (easy == nullptr || curl_multi_add_handle(state_->multi.get(), easy) != CURLM_OK) {
        transfer->done({.error = "There is no memory for it, or the URL is none."});
        return;
    }
    state_->transfers.emplace(easy, std::move(transfer));
}

void Sender::work(int wait_ms) {
    auto* const multi = state_->multi.get();
    int running = 0;
    curl_multi_perform(multi, &running);
    // What has ended by now must be told before anybody waits.
    if (static_cast<std::size_t>(running) < state_->transfers.size()) wait_ms = 0;
    curl_multi_poll(multi, nullptr, 0, wait_ms, nullptr);
    curl_multi_perform(multi, &running);
    int left = 0;
    while (const auto* const message = curl_multi_info_read(multi, &left))
        if (message->msg == CURLMSG_DONE) state_->finish(message->easy_handle, message->data.result);
}

void Sender::wake() { curl_multi_wakeup(state_->multi.get()); }

std::size_t Sender::running() const { return state_->transfers.size(); }

}  // namespace parley::webhooks
