#pragma once

#include <string>
#include <string_view>

namespace parley::crypto {

/// The hash of a password for keeping: Argon2id with 19 MiB and two passes (OWASP's password storage cheat
/// sheet) under a random salt, all of it in one text. Takes some 25 ms and 19 MiB: not for a loop.
/// Thread-safe, as all of these.
[[nodiscard]] std::string hash_password(std::string_view password);

/// Whether `password` is the one that `hash` was made of. As slow as `hash_password`. False for a text that
/// is no hash.
[[nodiscard]] bool verify_password(std::string_view hash, std::string_view password);

/// Takes the time of verify_password and verifies nothing: for accounts that do not exist, so that the time
/// of an answer does not tell which do.
void pretend_to_verify_password(std::string_view password);

/// Whether `hash` was made with other parameters than hash_password uses now.
[[nodiscard]] bool needs_rehash(std::string_view hash);

}  // namespace parley::crypto
