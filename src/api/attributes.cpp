#include "api/attributes.hpp"

#include <algorithm>

#include "pusher/quote.hpp"

namespace parley::api {

tl::expected<Attributes, Refusal> parse_attributes(std::string_view list, CacheAttribute cache) {
    Attributes attributes;
    for (std::size_t begin = 0; !list.empty() && begin <= list.size();) {
        const auto end = std::min(list.find(',', begin), list.size());
        const auto name = list.substr(begin, end - begin);
        if (name == "user_count")
            attributes.user_count = true;
        else if (name == "subscription_count")
            attributes.subscription_count = true;
        else if (name == "cache" && cache == CacheAttribute::known)
            attributes.cache = true;
        else
            return refuse(400, pusher::RefusalCode::info_unknown,
                          "info has the attribute " + pusher::quote(name) +
                              ", which this request does not know; it knows user_count, subscription_count" +
                              (cache == CacheAttribute::known ? ", cache." : "."));
        begin = end + 1;
    }
    return attributes;
}

}  // namespace parley::api
