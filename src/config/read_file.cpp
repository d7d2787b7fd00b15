#include "config/read_file.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include <fmt/format.h>

namespace parley::config {

namespace {

std::string cannot_be_read(const std::string& path, int error) {
    return fmt::format("{}: cannot be read: {}.", path, std::generic_category().message(error));
}

}  // namespace

tl::expected<std::string, std::string> read_file(const std::string& path) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "re"), &std::fclose);
    if (!file) return tl::unexpected(cannot_be_read(path, errno));
    std::string content;
    std::array<char, 4096> block;
    while (const auto size = std::fread(block.data(), 1, block.size(), file.get()))
        content.append(block.data(), size);
    if (std::ferror(file.get()) != 0) return tl::unexpected(cannot_be_read(path, errno));
    return content;
}

}  // namespace parley::config
