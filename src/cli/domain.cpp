#include "cli/domain.hpp"

#include "cli/exit_status.hpp"
#include "server/chat_options.hpp"

namespace parley::cli {

std::optional<Domain> Domain::open(const config::Settings& settings) {
    auto options = server::store_options(settings);
    options.reader_count = 1;
    auto store = store::Store::open(options);
    if (store) return Domain(std::move(*store), server::chat_policy(settings));
    report(store.error().message);
    return std::nullopt;
}

void Domain::report(const std::string& sentence) { static_cast<void>(fail(failure, sentence)); }

}  // namespace parley::cli
