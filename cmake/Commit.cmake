# What git knows of the sources. Included, it defines pipedit_commit_source(); run as a script, it writes that file.

if(CMAKE_SCRIPT_MODE_FILE)
  set(commit unknown)
  if(GIT AND EXISTS ${SOURCE_DIR}/.git)
    execute_process(COMMAND ${GIT} rev-parse --short=12 HEAD WORKING_DIRECTORY ${SOURCE_DIR}
                    OUTPUT_VARIABLE found OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    if(found)
      set(commit ${found})
    endif()
  endif()
  file(CONFIGURE OUTPUT ${OUTPUT} @ONLY CONTENT [[
#include "core/commit.h"

const char* pipedit::commit() { return "@commit@"; }
]])
  return()
endif()

find_program(PIPEDIT_GIT git)

# pipedit_commit_source(RESULT): the path of a source file that defines pipedit::commit(). It is written anew when HEAD
# has moved, which git notes in two files; a build with nothing to do asks nobody.
function(pipedit_commit_source result)
  set(moves)
  foreach(file HEAD logs/HEAD)
    set(path)
    if(PIPEDIT_GIT AND EXISTS ${CMAKE_SOURCE_DIR}/.git)
      execute_process(COMMAND ${PIPEDIT_GIT} rev-parse --git-path ${file} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
                      OUTPUT_VARIABLE path OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    endif()
    if(path)
      get_filename_component(path ${path} ABSOLUTE BASE_DIR ${CMAKE_SOURCE_DIR})
      if(EXISTS ${path})
        list(APPEND moves ${path})
      endif()
    endif()
  endforeach()
  set(source ${CMAKE_CURRENT_BINARY_DIR}/commit.cpp)
  set(script ${CMAKE_SOURCE_DIR}/cmake/Commit.cmake)
  add_custom_command(
    OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} -D GIT=${PIPEDIT_GIT} -D SOURCE_DIR=${CMAKE_SOURCE_DIR} -D OUTPUT=${source} -P ${script}
    DEPENDS ${script} ${moves}
    COMMENT "Commit of the sources"
    VERBATIM)
  set(${result} ${source} PARENT_SCOPE)
endfunction()
