#include "chat/demo_talk.hpp"

#include <array>

namespace parley::chat {

namespace {

using enum DemoWho;
using enum DemoRoomName;

/// So long ago, in minutes.
constexpr std::int64_t ago(std::int64_t days, std::int64_t hours, std::int64_t minutes) {
    return (days * 24 + hours) * 60 + minutes;
}

}  // namespace

const DemoRoom& demo_room(DemoRoomName name) {
    static const std::array<DemoRoom, demo_room_count> rooms = {
        {{.title = "", .people = {ada, grace, linus, margaret}},
         {.title = "Launch", .people = {ada, grace, margaret}},
         {.title = "Summer offsite", .people = {margaret, ada, grace, linus}},
         {.title = "", .people = {ada, grace}},
         {.title = "", .people = {linus, ada}},
         {.title = "", .people = {margaret, ada}},
         {.title = "", .people = {margaret, grace}},
         {.title = "", .people = {linus, margaret}}}};
    return rooms.at(static_cast<std::size_t>(name));
}

std::span<const DemoLine> demo_past_lines() {
    static const std::vector<DemoLine> lines = {
        {ago(6, 3, 0),
         general,
         ada,
         "Welcome, everybody! This is the general room: all of us are in it.",
         0,
         {{grace, "👋"}, {margaret, "👋"}}},
        {ago(6, 2, 50), general, margaret,
         "Hello from the flight software desk. Good to have all of us in one place."},
        {ago(6, 2, 44), general, linus, "Good morning! Does anybody know where the coffee machine went?"},
        {ago(6, 2, 38),
         general,
         grace,
         "To the third floor. It had a bug, so I taped it into the logbook.",
         1,
         {{ada, "😂"}, {margaret, "😂"}, {linus, "☕"}}},

        {ago(5, 4, 0), launch, ada, "Let us collect here what is left to do before the launch."},
        {ago(5, 3, 50),
         launch,
         margaret,
         "The release notes are written. @Grace, would you read them once more?",
         0,
         {{grace, "👍"}}},
        {ago(5, 3, 40), launch, grace, "With pleasure. You have them back by noon.", 1},
        {ago(5, 2, 0), ada_grace, ada, "Grace, do you have five minutes?"},
        {ago(5, 1, 55), ada_grace, grace, "For you always. In the small room?", 0, {{ada, "❤️"}}},
        {ago(5, 1, 50), ada_grace, ada, "On my way."},

        {ago(4, 5, 0), general, grace, "When does the new server go live?"},
        {ago(4, 4, 50),
         general,
         linus,
         "On Thursday. I am moving the last service over today.",
         1,
         {{grace, "🎉"}, {ada, "🎉"}, {margaret, "👍"}}},
        {ago(4, 4, 0), ada_linus, linus,
         "Ada, could you decide about my withdrawal? It is for the conference."},
        {ago(4, 3, 50), ada_linus, ada, "Done. Have a good journey!", 1, {{linus, "🙏"}}},
        {ago(4, 2, 0), grace_margaret, margaret, "How do you keep the compiler so calm?"},
        {ago(4, 1, 50),
         grace_margaret,
         grace,
         "I talk to it nicely, and never on a Friday.",
         1,
         {{margaret, "😄"}}},

        {ago(3, 4, 0), offsite, margaret, "Lisbon or Copenhagen this summer?"},
        {ago(3, 3, 54),
         offsite,
         linus,
         "Lisbon! The oranges alone are worth it: nothing has more vitamin C.",
         1,
         {{grace, "🍊"}, {ada, "😂"}}},
        {ago(3, 3, 48), offsite, ada, "Lisbon for me, too."},
        {ago(3, 3, 40),
         offsite,
         grace,
         "Then Lisbon it is. I will look for a house with a large table.",
         0,
         {{ada, "👏"}, {margaret, "👏"}, {linus, "👏"}}},
        {ago(3, 1, 0), ada_margaret, margaret,
         "The priority display is finished. It shows first what cannot wait."},
        {ago(3, 0, 50),
         ada_margaret,
         ada,
         "Beautiful. Would you show it to all of us on Monday?",
         1,
         {{margaret, "👍"}}},

        {ago(2, 5, 0), launch, grace, "I have read the release notes: two commas, otherwise perfect."},
        {ago(2, 4, 50), launch, margaret, "Both commas are in. Thank you!", 1, {{grace, "✅"}}},
        {ago(2, 4, 0), launch, ada,
         "The spring campaign is active since this morning, and its budget stands."},
        {ago(2, 2, 0),
         general,
         margaret,
         "The new server is live: forty thousand messages so far, and not one of them lost.",
         0,
         {{ada, "🚀"}, {grace, "🚀"}, {linus, "🎉"}}},

        {ago(1, 6, 0),
         general,
         ada,
         "Thank you all for this week. There is cake in the kitchen.",
         0,
         {{grace, "🎂"}, {linus, "🎂"}, {margaret, "🎂"}}},
        {ago(1, 5, 0), ada_linus, ada, "Linus, how far is the report on the load test?"},
        {ago(1, 4, 50), ada_linus, linus,
         "The figures are in. I only want to look at the slowest hundredth again."},
        {ago(1, 3, 0), linus_margaret, linus, "Would you look at my chart before I send it around?"},
        {ago(1, 2, 50), linus_margaret, margaret, "I have. The left axis wants a unit.", 1, {{linus, "🙈"}}}};
    return lines;
}

std::span<const DemoLine> demo_new_lines() {
    static const std::vector<DemoLine> lines = {
        {ago(0, 1, 20), offsite, grace, "I have found a house in Alfama: six rooms and a roof terrace."},
        {ago(0, 1, 10), offsite, linus, "@Ada, is that within what we can spend?", 1},
        {ago(0, 0, 55), launch, margaret, "@Ada, the last test is green. Shall we announce it?"},
        {ago(0, 0, 45), launch, grace, "From my side: yes!", 1, {{margaret, "💚"}}},
        {ago(0, 0, 35),
         general,
         linus,
         "Lunch at half past twelve? I have reserved the large table.",
         0,
         {{grace, "🍝"}, {margaret, "👍"}}},
        {ago(0, 0, 25), ada_grace, grace,
         "The figures for tomorrow's talk are in the folder. Would you have a look?"},
        {ago(0, 0, 15), ada_linus, linus,
         "The report is done. The slowest hundredth takes forty milliseconds."}};
    return lines;
}

}  // namespace parley::chat
