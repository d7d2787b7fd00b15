#pragma once

#include <cstddef>

#include "chat/model.hpp"
#include "store/rows.hpp"

namespace parley::chat {

/// The columns of a person, of a table `users` that a statement calls `u`, for `read_person`.
inline constexpr char person_columns[] = "u.id, u.name, u.email, u.avatar_url";
inline constexpr std::size_t person_column_count = 4;

/// A person from the first columns of a row.
[[nodiscard]] Person read_person(const store::Row& row);

}  // namespace parley::chat
