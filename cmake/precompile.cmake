# What nearly every source includes, parsed once instead of once for each source. The release build does without, so that
# a source or a header that lacks an include does not compile there.
option(PARLEY_PRECOMPILE "Precompile the headers that nearly every source includes" OFF)

set(parley_room_headers
    <algorithm> <array> <chrono> <functional> <memory> <mutex> <optional> <span> <string> <string_view>
    <unordered_map> <utility> <variant> <vector> <fmt/format.h> <tl/expected.hpp>)
set(parley_room_libraries fmt::fmt tl::expected)
set(parley_test_headers ${parley_room_headers} <gmock/gmock.h> <gtest/gtest.h>)
set(parley_test_libraries ${parley_room_libraries} GTest::gmock)

if(PARLEY_PRECOMPILE)
    set(nothing ${PROJECT_BINARY_DIR}/nothing.cpp)
    file(CONFIGURE OUTPUT ${nothing} CONTENT "")
    foreach(kind IN ITEMS room test)
        add_library(parley_precompiled_${kind} OBJECT ${nothing})
        target_link_libraries(parley_precompiled_${kind} PRIVATE ${parley_${kind}_libraries})
        target_precompile_headers(parley_precompiled_${kind} PRIVATE ${parley_${kind}_headers})
    endforeach()
endif()

# parley_precompile(TARGET KIND)
#
# Gives TARGET the precompiled headers of KIND, room or test, where the build has them. All targets of a kind share one
# file, and TARGET must link the libraries of its kind: the compiler refuses a file made with other definitions.
function(parley_precompile TARGET KIND)
    if(PARLEY_PRECOMPILE)
        target_precompile_headers(${TARGET} REUSE_FROM parley_precompiled_${KIND})
    endif()
endfunction()
