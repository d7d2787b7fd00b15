# cmake -D OUTPUT=migrations.cpp -P embed_migrations.cmake -- NNNN_name.sqlite.sql...
#
# Writes a C++ source that defines parley::store::migrations(). Beside each NNNN_name.sqlite.sql must lie a
# NNNN_name.postgresql.sql; the numbers must be 0001, 0002, 0003 and so on.

# The arguments begin after the "--".
set(argument 0)
while(NOT "${CMAKE_ARGV${argument}}" STREQUAL "--")
    math(EXPR argument "${argument} + 1")
endwhile()
math(EXPR argument "${argument} + 1")

# A literal may not be longer than 64 KiB everywhere, so the text is an array of its bytes.
function(bytes_of FILE RESULT)
    file(READ "${FILE}" bytes HEX)
    string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${bytes}")
    set(${RESULT} "${bytes}" PARENT_SCOPE)
endfunction()

set(arrays "")
set(rows "")
set(version 0)
while(argument LESS CMAKE_ARGC)
    set(file "${CMAKE_ARGV${argument}}")
    math(EXPR argument "${argument} + 1")
    math(EXPR version "${version} + 1")

    get_filename_component(base "${file}" NAME)
    if(NOT base MATCHES "^0*([1-9][0-9]*)_([a-z_]+)\\.sqlite\\.sql$" OR NOT CMAKE_MATCH_1 EQUAL version)
        message(FATAL_ERROR "embed_migrations.cmake: ${base} is not migration number ${version}")
    endif()
    set(name "${CMAKE_MATCH_2}")
    string(REGEX REPLACE "\\.sqlite\\.sql$" ".postgresql.sql" twin "${file}")

    bytes_of("${file}" sqlite)
    bytes_of("${twin}" postgresql)
    string(APPEND arrays "constexpr char sqlite_${version}[] = {\n${sqlite}};\n"
           "constexpr char postgresql_${version}[] = {\n${postgresql}};\n")
    string(APPEND rows "    Migration{${version}, \"${name}\", {sqlite_${version}, sizeof(sqlite_${version})},\n"
           "              {postgresql_${version}, sizeof(postgresql_${version})}},\n")
endwhile()

file(WRITE "${OUTPUT}" "// Made by src/store/embed_migrations.cmake.
#include \"store/migrations.hpp\"

#include <array>

namespace parley::store {

namespace {

${arrays}
constexpr std::array table = {
${rows}};

}  // namespace

std::span<const Migration> migrations() { return table; }

}  // namespace parley::store
")
