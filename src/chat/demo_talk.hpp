#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

// What the people of the demo have said to each other.
namespace parley::chat {

/// The people, in the order of `demo_people`.
enum class DemoWho : std::uint8_t { ada, grace, linus, margaret };

enum class DemoRoomName : std::uint8_t {
    general,
    launch,
    offsite,
    ada_grace,
    ada_linus,
    ada_margaret,
    grace_margaret,
    linus_margaret
};
inline constexpr std::size_t demo_room_count = 8;

struct DemoRoom {
    std::string_view title;       // of groups
    std::vector<DemoWho> people;  // the first one made it
};
[[nodiscard]] const DemoRoom& demo_room(DemoRoomName name);

struct DemoReaction {
    DemoWho who;
    std::string_view emoji;
};

struct DemoLine {
    std::int64_t minutes_ago;
    DemoRoomName room;
    DemoWho who;
    std::string_view body;
    /// 1: to what was said last in the room, 2: to what was said before that; 0: to nothing.
    std::size_t reply_to = 0;
    std::vector<DemoReaction> reactions = {};
};

/// A week of it, oldest first; everybody has read it.
[[nodiscard]] std::span<const DemoLine> demo_past_lines();

/// What was said since Ada looked last.
[[nodiscard]] std::span<const DemoLine> demo_new_lines();

}  // namespace parley::chat
