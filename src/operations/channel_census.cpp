#include "operations/channel_census.hpp"

namespace parley::operations {

using pusher::ChannelKind;

std::uint64_t ChannelCensus::occupied(const hub::App& app, ChannelKind kind) const {
    return static_cast<std::uint64_t>(counts_[app.index][static_cast<std::size_t>(kind)].value());
}

std::uint64_t ChannelCensus::occupied(const hub::App& app) const {
    std::int64_t sum = 0;
    for (const auto& count : counts_[app.index]) sum += count.value();
    return static_cast<std::uint64_t>(sum);
}

std::string_view name_of(ChannelKind kind) {
    switch (kind) {
        case ChannelKind::public_channel:
            return "public";
        case ChannelKind::public_cache:
            return "cache";
        case ChannelKind::private_channel:
            return "private";
        case ChannelKind::private_cache:
            return "private-cache";
        case ChannelKind::private_encrypted:
            return "private-encrypted";
        case ChannelKind::private_encrypted_cache:
            return "private-encrypted-cache";
        case ChannelKind::presence:
            return "presence";
        case ChannelKind::presence_cache:
            return "presence-cache";
    }
    return "";
}

}  // namespace parley::operations
