#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/writer.hpp"

namespace parley::chat {

/// Takes what contracts send for one event.
class Sink {
public:
    /// Whether anybody would hear something on `channel`.
    [[nodiscard]] virtual bool wanted(std::string_view channel) = 0;

    /// One event, the same on every one of `channels`, which are distinct and wanted. `data` is JSON.
    virtual void publish(std::string name, std::vector<std::string> channels, std::string data) = 0;

protected:
    ~Sink() = default;
};

/// Publishes an event on those of `channels` that are wanted. `write(json::Writer&)` writes its payload, and
/// is called only if there are any.
template <class Write>
void send(Sink& sink, std::string name, std::vector<std::string> channels, Write write) {
    std::erase_if(channels, [&sink](const std::string& channel) { return !sink.wanted(channel); });
    if (channels.empty()) return;
    std::string data;
    json::Writer writer(data);
    write(writer);
    sink.publish(std::move(name), std::move(channels), std::move(data));
}

}  // namespace parley::chat
