# pipedit::torch from an installed LibTorch: its headers, libtorch_cpu and libc10. Our own target, because
# find_package(Torch) asks for a CUDA toolkit whenever the installed LibTorch was built with CUDA.
#
# The folder comes from -DPIPEDIT_TORCH_DIR=..., the environment variable of that name, or the note that
# scripts/setup.sh left in the user's cache folder.

function(pipedit_find_torch)
  if(PIPEDIT_TORCH_DIR AND NOT EXISTS ${PIPEDIT_TORCH_DIR}/lib/libtorch_cpu.so)
    unset(PIPEDIT_TORCH_DIR CACHE)  # it was there when this build folder was made
  endif()
  set(found $ENV{PIPEDIT_TORCH_DIR})
  if(NOT found)
    pipedit_setup_note(torch-dir found)
  endif()
  set(PIPEDIT_TORCH_DIR ${found} CACHE PATH "The folder of LibTorch that holds include/ and lib/")
  if(NOT EXISTS ${PIPEDIT_TORCH_DIR}/lib/libtorch_cpu.so)
    message(FATAL_ERROR "LibTorch not found in '${PIPEDIT_TORCH_DIR}': run scripts/setup.sh, or give -DPIPEDIT_TORCH_DIR=, "
                        "or configure without it: cmake --preset core")
  endif()
endfunction()

function(pipedit_import_torch_library name)
  add_library(pipedit::${name} SHARED IMPORTED GLOBAL)
  set_target_properties(pipedit::${name} PROPERTIES IMPORTED_LOCATION ${PIPEDIT_TORCH_DIR}/lib/lib${name}.so
                                                    IMPORTED_NO_SONAME ON)
endfunction()

pipedit_find_torch()
pipedit_import_torch_library(c10)
pipedit_import_torch_library(torch_cpu)

# OpenMP: without it at::parallel_for compiles to a loop on one thread. LibTorch's own libgomp, where it ships one, is
# the one to link: two of them in a process would be two thread pools. fmt: LibTorch ships its own headers, newer
# than the system's library, so what sees them must not count on that library's symbols.
add_library(pipedit_torch INTERFACE)
add_library(pipedit::torch ALIAS pipedit_torch)
target_include_directories(pipedit_torch SYSTEM INTERFACE ${PIPEDIT_TORCH_DIR}/include
                                                          ${PIPEDIT_TORCH_DIR}/include/torch/csrc/api/include)
target_compile_definitions(pipedit_torch INTERFACE FMT_HEADER_ONLY)
target_link_libraries(pipedit_torch INTERFACE pipedit::torch_cpu pipedit::c10 Threads::Threads)
target_compile_options(pipedit_torch INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-fopenmp>)
if(EXISTS ${PIPEDIT_TORCH_DIR}/lib/libgomp.so.1)
  target_link_libraries(pipedit_torch INTERFACE ${PIPEDIT_TORCH_DIR}/lib/libgomp.so.1)
else()
  target_link_libraries(pipedit_torch INTERFACE gomp)
endif()
set(nvidia ${PIPEDIT_TORCH_DIR}/../nvidia)
foreach(dir ${nvidia}/cu13/lib ${nvidia}/cuda_runtime/lib ${nvidia}/cuda_cupti/lib)
  if(IS_DIRECTORY ${dir})
    get_filename_component(dir ${dir} ABSOLUTE)
    target_link_options(pipedit_torch INTERFACE LINKER:-rpath,${dir})
  endif()
endforeach()
