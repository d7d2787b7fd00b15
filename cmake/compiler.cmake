# Warnings, hardening and sanitizers for every target.
option(PARLEY_WERROR "Treat warnings as errors" ON)
set(PARLEY_SANITIZE "" CACHE STRING "Value of -fsanitize= for every target, empty for none")

add_compile_options(-Wall -Wextra -Wshadow -Wconversion -Wnon-virtual-dtor)
if(PARLEY_WERROR)
    add_compile_options(-Werror)
endif()

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ 12 frees aggregate temporaries in co_await expressions twice, so coroutines are banned.
    add_compile_options(-fno-coroutines)
    # Its -Wrestrict sees overlapping copies in every `"x" + std::string` at -O2 and above (GCC bug 105651).
    add_compile_options(-Wno-restrict)
    # With sanitizers it takes what an empty std::optional or tl::expected does not hold for something that is read
    # (GCC bug 80635).
    add_compile_options(-Wno-maybe-uninitialized)
endif()

add_compile_definitions(_GLIBCXX_ASSERTIONS)
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT PARLEY_SANITIZE)
    add_compile_definitions(_FORTIFY_SOURCE=2)
    add_compile_options(-fstack-protector-strong)
endif()

if(PARLEY_SANITIZE)
    add_compile_options(-fsanitize=${PARLEY_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${PARLEY_SANITIZE})
endif()
