#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "setup.hpp"
#include "store/store.hpp"
#include "vocabulary.hpp"

namespace parley::load {

struct ArchivedConversation {
    chat::Id id = 0;
    std::vector<chat::Id> participant_ids = {};  // the reader's first
    std::vector<chat::Id> message_ids = {};
    std::int64_t changed = 0;
    std::int64_t updated_at = 0;
};

/// What years of talking have left.
struct Archive {
    Person reader = {};    // takes part in all of it
    Person newcomer = {};  // takes part in one conversation, the one with the fewest messages
    std::vector<ArchivedConversation> conversations = {};
    std::int64_t last_change = 0;
};

/// Fills a database as if `message_count` messages had been sent, over a year, in conversations some of which
/// are much busier than others; nine of ten are direct, the others groups of ten. Every tenth has something
/// that the reader has not read.
[[nodiscard]] Archive make_archive(Setup& setup, store::Store& store, Vocabulary& vocabulary,
                                   std::size_t conversation_count, std::size_t message_count);

}  // namespace parley::load
