#include "server/server.hpp"

#include "server/node.hpp"
#include "server/signals.hpp"

namespace parley::server {

int run(const config::Loaded& loaded) {
    const Signals signals;
    Node node(loaded);
    if (!node.open()) return 1;
    node.serve(signals);
    return 0;
}

}  // namespace parley::server
