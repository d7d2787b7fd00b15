# cmake -D OUTPUT=assets.cpp -P embed.cmake -- URL_PATH FILE [URL_PATH FILE]...
#
# Writes a C++ source that defines parley::web::assets() with the bytes of the files. The entity tag is the
# beginning of the SHA-256 of the bytes.
set(content_type_css "text/css; charset=utf-8")
set(content_type_html "text/html; charset=utf-8")
set(content_type_js "text/javascript; charset=utf-8")
set(content_type_svg "image/svg+xml")
set(content_type_txt "text/plain; charset=utf-8")

# The arguments begin after the "--".
set(argument 0)
while(NOT "${CMAKE_ARGV${argument}}" STREQUAL "--")
    math(EXPR argument "${argument} + 1")
endwhile()
math(EXPR argument "${argument} + 1")

set(arrays "")
set(rows "")
set(count 0)
while(argument LESS CMAKE_ARGC)
    set(path "${CMAKE_ARGV${argument}}")
    math(EXPR argument "${argument} + 1")
    set(file "${CMAKE_ARGV${argument}}")
    math(EXPR argument "${argument} + 1")

    string(REGEX MATCH "[a-z]+$" extension "${path}")
    if(path STREQUAL "/")
        set(extension html)
    endif()
    if(NOT DEFINED content_type_${extension})
        message(FATAL_ERROR "embed.cmake: no content type for ${path}")
    endif()

    file(READ "${file}" bytes HEX)
    file(SHA256 "${file}" digest)
    string(SUBSTRING "${digest}" 0 16 tag)
    string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${bytes}")
    string(APPEND arrays "constexpr char body_${count}[] = {\n${bytes}};\n")
    string(APPEND rows "    Asset{\"${path}\", \"${content_type_${extension}}\",\n"
           "          {body_${count}, sizeof(body_${count})}, \"\\\"${tag}\\\"\"},\n")
    math(EXPR count "${count} + 1")
endwhile()

file(WRITE "${OUTPUT}" "// Made by web/embed.cmake.
#include \"web/assets.hpp\"

#include <array>

namespace parley::web {

namespace {

${arrays}
constexpr std::array table = {
${rows}};

}  // namespace

std::span<const Asset> assets() { return table; }

}  // namespace parley::web
")
