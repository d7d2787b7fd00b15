#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"

namespace parley::chat {

/// A part of a file that is made of another one: some of its bytes, or new ones.
struct FilePiece {
    Bytes kept = {};         // of the other file
    std::string added = {};  // if `kept` is empty
};

/// What a JPEG, PNG or WebP picture is without what it tells of place, time, camera and author: all that no
/// decoder needs is left out, and what follows the end of the picture. Its pixels are untouched. Which way is
/// up, if the picture says so, is said again in a block of Exif that says nothing else.
///
/// Empty when nothing has to be left out, and for other types. A picture that is broken is cut where it
/// breaks. Borrows from `picture`. Pure.
[[nodiscard]] std::optional<std::vector<FilePiece>> without_metadata(std::string_view media_type,
                                                                     Bytes picture);

}  // namespace parley::chat
