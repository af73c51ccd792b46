# Language, warnings and tools: what holds for every target. Rooms.cmake applies pipedit_settings() to each.

include(SetupNotes)

option(PIPEDIT_WITH_TORCH "Build the executor and the profiler, which need LibTorch" ON)
set(PIPEDIT_SANITIZE "" CACHE STRING "Sanitizers for -fsanitize=, for example address,undefined")
option(PIPEDIT_CLANG_TIDY "Run clang-tidy beside the compiler" OFF)
option(PIPEDIT_WERROR "Turn warnings into errors" OFF)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)  # every room is linked into the module that holds `run` and `profile`
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)

find_program(PIPEDIT_CCACHE ccache)
if(PIPEDIT_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${PIPEDIT_CCACHE})
  set(CMAKE_CUDA_COMPILER_LAUNCHER ${PIPEDIT_CCACHE})
endif()
find_program(PIPEDIT_MOLD mold)
if(PIPEDIT_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

if(PIPEDIT_CLANG_TIDY)
  pipedit_check_tool(clang_tidy clang-tidy clang_tidy)
  # clang knows neither where g++ keeps omp.h nor all that is in it, nor all of its warnings.
  set(PIPEDIT_CLANG_TIDY_COMMAND ${clang_tidy} --quiet --extra-arg=-fno-openmp --extra-arg=-Wno-unknown-warning-option
                                 --extra-arg=-Wno-error)
endif()

# a * b + c rounds twice on every machine, so that costs and golden texts do not depend on the compiler's mood.
add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-ffp-contract=off>)
if(PIPEDIT_SANITIZE)
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fsanitize=${PIPEDIT_SANITIZE}>
                      $<$<COMPILE_LANGUAGE:CXX>:-fno-omit-frame-pointer>
                      $<$<COMPILE_LANGUAGE:CXX>:-fno-sanitize-recover=all>)
  add_link_options(-fsanitize=${PIPEDIT_SANITIZE})
endif()

# CONVERSIONS: also warn where a value changes type silently; not for files that see LibTorch's headers.
function(pipedit_settings target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "CONVERSIONS" "" "")
  set(warnings -Wall -Wextra -Wpedantic -Wshadow)
  if(arg_CONVERSIONS)
    list(APPEND warnings -Wconversion)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    list(APPEND warnings -Wno-restrict)  # g++ 12 sees overlaps in assignments of one-letter strings (GCC bug 105651)
  endif()
  if(PIPEDIT_SANITIZE)
    list(APPEND warnings -Wno-maybe-uninitialized)  # g++ sees it in std::regex when it is instrumented (GCC bug 105562)
  endif()
  if(PIPEDIT_WERROR)
    list(APPEND warnings -Werror)
  endif()
  target_compile_options(${target} PRIVATE "$<$<COMPILE_LANGUAGE:CXX>:${warnings}>")
endfunction()

# For what is shipped: tests and benchmarks are not worth the time.
function(pipedit_tidy target)
  if(PIPEDIT_CLANG_TIDY)
    set_target_properties(${target} PROPERTIES CXX_CLANG_TIDY "${PIPEDIT_CLANG_TIDY_COMMAND}")
  endif()
endfunction()
