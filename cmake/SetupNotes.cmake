# What scripts/setup.sh left in the user's cache folder.

set(PIPEDIT_CACHE $ENV{XDG_CACHE_HOME})
if(NOT PIPEDIT_CACHE)
  set(PIPEDIT_CACHE $ENV{HOME}/.cache)
endif()
string(APPEND PIPEDIT_CACHE /pipedit)

# The line that it noted under NAME, or an empty string.
function(pipedit_setup_note name result)
  set(text "")
  if(EXISTS ${PIPEDIT_CACHE}/${name})
    file(STRINGS ${PIPEDIT_CACHE}/${name} text LIMIT_COUNT 1)
  endif()
  set(${result} ${text} PARENT_SCOPE)
endfunction()

# A tool that it installed for `make check`: COMMAND of the Python package PACKAGE.
function(pipedit_check_tool package command result)
  file(GLOB found ${PIPEDIT_CACHE}/check-tools/lib/python3*/site-packages/${package}/data/bin/${command})
  if(NOT found)
    message(FATAL_ERROR "${command} not found: run scripts/setup.sh --check")
  endif()
  set(${result} ${found} PARENT_SCOPE)
endfunction()
