# One static library a room. A room is a folder at the root, named as its target.

# pipedit_room(NAME SOURCES file... USES room... [LIBRARIES target...] [PRIVATE_LIBRARIES target...] [TORCH])
#
# USES are the rooms it may include from. PRIVATE_LIBRARIES serve its .cpp files alone: a library named there
# does not reach the rooms above (fmt has to stay away from LibTorch's own copy). TORCH: it sees LibTorch's headers.
# A room without sources yet is an interface, so that the tree configures.
function(pipedit_room name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "TORCH" "" "SOURCES;USES;LIBRARIES;PRIVATE_LIBRARIES")
  set(target pipedit_${name})
  list(TRANSFORM arg_USES PREPEND pipedit::)
  if(arg_SOURCES)
    add_library(${target} STATIC ${arg_SOURCES})
    target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR})
    target_link_libraries(${target} PUBLIC ${arg_USES} ${arg_LIBRARIES} PRIVATE ${arg_PRIVATE_LIBRARIES})
    pipedit_room_settings(${target} ${arg_TORCH})
    pipedit_tidy(${target})
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE ${CMAKE_SOURCE_DIR})
    target_link_libraries(${target} INTERFACE ${arg_USES} ${arg_LIBRARIES})
  endif()
  add_library(pipedit::${name} ALIAS ${target})
endfunction()

function(pipedit_room_settings target torch)
  if(torch)
    pipedit_settings(${target})
    target_link_libraries(${target} PUBLIC pipedit::torch)
  else()
    pipedit_settings(${target} CONVERSIONS)
  endif()
endfunction()

# pipedit_binary(SOURCES file... USES room...): the command `pipedit`, at bin/pipedit of the build folder.
#
# It exports its symbols so that it and the module it opens agree on types: an InputError thrown in the module
# is caught in main as one.
function(pipedit_binary)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "SOURCES;USES")
  if(NOT arg_SOURCES)
    return()
  endif()
  list(TRANSFORM arg_USES PREPEND pipedit::)
  add_executable(pipedit ${arg_SOURCES})
  target_link_libraries(pipedit PRIVATE ${arg_USES} fmt::fmt CLI11::CLI11 ${CMAKE_DL_LIBS})
  set_target_properties(pipedit PROPERTIES ENABLE_EXPORTS ON)
  pipedit_settings(pipedit CONVERSIONS)
  pipedit_tidy(pipedit)
endfunction()

# pipedit_run_module(SOURCES file... USES room...): lib/libpipedit_run.so of the build folder. Its files see
# LibTorch's headers.
function(pipedit_run_module)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "SOURCES;USES")
  if(NOT arg_SOURCES OR NOT PIPEDIT_WITH_TORCH)
    return()
  endif()
  list(TRANSFORM arg_USES PREPEND pipedit::)
  add_library(pipedit_run_module MODULE ${arg_SOURCES})
  set_target_properties(pipedit_run_module PROPERTIES OUTPUT_NAME pipedit_run)
  target_link_libraries(pipedit_run_module PRIVATE ${arg_USES} pipedit::torch)
  pipedit_settings(pipedit_run_module)
  pipedit_tidy(pipedit_run_module)
  if(TARGET pipedit)
    add_dependencies(pipedit pipedit_run_module)
  endif()
endfunction()

# pipedit_bench(SOURCES file... USES room...): bin/pipedit_bench of the build folder.
function(pipedit_bench)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "SOURCES;USES")
  if(NOT arg_SOURCES)
    return()
  endif()
  list(TRANSFORM arg_USES PREPEND pipedit::)
  add_executable(pipedit_bench ${arg_SOURCES})
  target_include_directories(pipedit_bench PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(pipedit_bench PRIVATE ${arg_USES} benchmark::benchmark_main)
  pipedit_settings(pipedit_bench CONVERSIONS)
endfunction()
