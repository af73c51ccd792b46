# pipedit::ffmpeg: defines PIPEDIT_FFMPEG, the ffmpeg command that set-up found, for when none is on the path.

pipedit_setup_note(ffmpeg-path PIPEDIT_FFMPEG)
if(NOT PIPEDIT_FFMPEG)
  set(PIPEDIT_FFMPEG ffmpeg)
endif()
add_library(pipedit_ffmpeg INTERFACE)
add_library(pipedit::ffmpeg ALIAS pipedit_ffmpeg)
target_compile_definitions(pipedit_ffmpeg INTERFACE PIPEDIT_FFMPEG="${PIPEDIT_FFMPEG}")
