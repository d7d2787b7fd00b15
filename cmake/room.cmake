# Builds the micro-benchmarks of all rooms.
add_custom_target(micro_benchmarks)

# Lets ctest run NAME_test, one test at a time, each in a process of its own. With `on_postgresql` those that run on
# PostgreSQL, too, share one process: it starts a server, which takes many times as long as a test.
function(parley_discover_tests NAME on_postgresql)
    set(filter "")
    if(on_postgresql)
        set(filter TEST_FILTER "-*/postgresql")
        add_test(NAME ${NAME}.on_postgresql COMMAND ${NAME}_test --gtest_filter=*/postgresql)
        # Begin before all others: that of chat takes longest.
        set_tests_properties(${NAME}.on_postgresql PROPERTIES TIMEOUT 600 COST 600)
    endif()
    # Asked for its tests when they are to run, so that a build that runs them in another way does not start it.
    gtest_discover_tests(${NAME}_test TEST_PREFIX "${NAME}." ${filter} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
        PROPERTIES TIMEOUT 120)
endfunction()

# parley_room(NAME [TESTED_ON_POSTGRESQL] USES room... LIBRARIES target...)
#
# One folder under src/ is one library, parley_NAME. It links what it USES and nothing else, so an arrow
# that design forbids does not link. Sources are all *.cpp of the folder; NAME_test is made of the
# *_test.cpp files beside them, NAME_bench of the *_bench.cpp files. TESTED_ON_POSTGRESQL: some of its tests run on each
# database (store/test_support.hpp).
function(parley_room NAME)
    cmake_parse_arguments(ROOM "TESTED_ON_POSTGRESQL" "" "USES;LIBRARIES" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS *.cpp)
    file(GLOB tests CONFIGURE_DEPENDS *_test.cpp)
    file(GLOB benches CONFIGURE_DEPENDS *_bench.cpp)
    list(REMOVE_ITEM sources ${tests} ${benches})
    list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")

    # A room without base lacks the libraries that are precompiled.
    set(precompile OFF)
    if(NAME STREQUAL "base" OR "base" IN_LIST ROOM_USES)
        set(precompile ON)
    endif()

    list(TRANSFORM ROOM_USES PREPEND parley_)
    if(sources)
        add_library(parley_${NAME} STATIC ${sources})
        set(scope PUBLIC)
    else()
        add_library(parley_${NAME} INTERFACE)
        set(scope INTERFACE)
    endif()
    target_include_directories(parley_${NAME} ${scope} ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(parley_${NAME} ${scope} ${ROOM_USES} ${ROOM_LIBRARIES})
    if(sources AND precompile)
        parley_precompile(parley_${NAME} room)
    endif()

    if(tests AND NOT PARLEY_FUZZ)
        add_executable(${NAME}_test ${tests})
        target_link_libraries(${NAME}_test PRIVATE parley_${NAME} GTest::gmock_main)
        if(precompile)
            parley_precompile(${NAME}_test test)
        endif()
        parley_discover_tests(${NAME} "${ROOM_TESTED_ON_POSTGRESQL}")
    endif()
    if(benches AND NOT PARLEY_FUZZ)
        add_executable(${NAME}_bench ${benches})
        target_link_libraries(${NAME}_bench PRIVATE parley_${NAME} benchmark::benchmark_main)
        add_dependencies(micro_benchmarks ${NAME}_bench)
    endif()
endfunction()
