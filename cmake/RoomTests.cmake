# One test executable a room.

include(GoogleTest)

option(PIPEDIT_ONLY_THREADED_TESTS "Of the tests know only those of rooms with threads of their own, as the preset tsan does" OFF)
option(PIPEDIT_GPU_TESTS "Know the tests that need a GPU, as the preset gpu does" OFF)
add_custom_target(threaded_tests)
add_custom_target(gpu_tests)

# pipedit_room_test(NAME SOURCES file... USES room... [LIBRARIES target...] [TORCH] [THREADED] [SHARED])
#
# The executable pipedit_NAME_test. A test is labelled by the name of its suite: ...Golden, ...Parity and ...Fuzz
# are what they say, every other is `unit`. THREADED: it also runs under TSan. SHARED: unit tests are many and short
# beside the third of a second that LibTorch takes to start, so they share two processes; else each has its own.
function(pipedit_room_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "TORCH;THREADED;SHARED" "" "SOURCES;USES;LIBRARIES")
  if(NOT arg_SOURCES OR (PIPEDIT_ONLY_THREADED_TESTS AND NOT arg_THREADED))
    return()
  endif()
  set(target pipedit_${name}_test)
  pipedit_test_executable(${target} "${arg_SOURCES}" "${arg_USES}" "${arg_LIBRARIES}" ${arg_TORCH})
  if(arg_THREADED)
    add_dependencies(threaded_tests ${target})
  endif()
  pipedit_know_tests(${target} ${name} ${arg_SHARED})
endfunction()

# pipedit_room_gpu_test(NAME SOURCES file... USES room... [LIBRARIES target...])
#
# The executable pipedit_NAME_gpu_test, which only the preset `gpu` knows. All of its tests are labelled `gpu`.
function(pipedit_room_gpu_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;USES;LIBRARIES")
  if(NOT arg_SOURCES OR NOT PIPEDIT_GPU_TESTS)
    return()
  endif()
  set(target pipedit_${name}_gpu_test)
  pipedit_test_executable(${target} "${arg_SOURCES}" "${arg_USES}" "${arg_LIBRARIES}" TRUE)
  add_dependencies(gpu_tests ${target})
  gtest_discover_tests(${target} TEST_PREFIX ${name}. DISCOVERY_MODE PRE_TEST PROPERTIES LABELS gpu TIMEOUT 600)
endfunction()

function(pipedit_test_executable target sources uses libraries torch)
  list(TRANSFORM uses PREPEND pipedit::)
  add_executable(${target} ${sources})
  target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR})
  target_compile_definitions(${target} PRIVATE PIPEDIT_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                                               PIPEDIT_BINARY_DIR="${CMAKE_BINARY_DIR}")
  target_link_libraries(${target} PRIVATE ${uses} ${libraries} GTest::gmock GTest::gtest_main)
  pipedit_room_settings(${target} ${torch})
endfunction()

function(pipedit_know_tests target room shared)
  set(named)
  foreach(kind Golden Parity Fuzz)
    string(TOLOWER ${kind} label)
    gtest_discover_tests(${target} TEST_PREFIX ${room}. TEST_FILTER *${kind}.* DISCOVERY_MODE PRE_TEST
                         TEST_LIST ${target}_${label} PROPERTIES LABELS ${label} TIMEOUT 600)
    list(APPEND named *${kind}.*)
  endforeach()
  list(JOIN named ":" named)
  if(shared)
    pipedit_share_processes(${target} ${room}.unit -${named})
  else()
    gtest_discover_tests(${target} TEST_PREFIX ${room}. TEST_FILTER -${named} DISCOVERY_MODE PRE_TEST
                         TEST_LIST ${target}_unit PROPERTIES LABELS unit TIMEOUT 600)
  endif()
endfunction()

function(pipedit_share_processes target name filter)
  foreach(shard 0 1)
    add_test(NAME ${name}.${shard} COMMAND ${target} --gtest_filter=${filter})
    set_tests_properties(${name}.${shard} PROPERTIES LABELS unit TIMEOUT 600
                         ENVIRONMENT "GTEST_TOTAL_SHARDS=2;GTEST_SHARD_INDEX=${shard}")
  endforeach()
endfunction()
