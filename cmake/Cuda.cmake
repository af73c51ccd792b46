# PIPEDIT_WITH_CUDA: by default where both a CUDA toolkit and a LibTorch with its CUDA libraries are found. The CPU
# part that scripts/setup.sh installs has a libtorch_cuda.so too, but not cuDNN, which that one cannot do without.
#
# pipedit::cuda is what files that see CUDA use: LibTorch with its CUDA part, the toolkit's runtime and, where it is
# found beside LibTorch, NCCL. Nothing else of the tree is compiled differently with CUDA.

find_program(PIPEDIT_NVCC nvcc HINTS ENV CUDA_HOME ENV CUDA_PATH PATHS /usr/local/cuda PATH_SUFFIXES bin)
set(cuda_default OFF)
file(GLOB cudnn ${PIPEDIT_TORCH_DIR}/../nvidia/cudnn/lib/libcudnn.so.* ${PIPEDIT_TORCH_DIR}/lib/libcudnn.so.*)
if(PIPEDIT_NVCC AND cudnn AND EXISTS ${PIPEDIT_TORCH_DIR}/lib/libtorch_cuda.so)
  set(cuda_default ON)
endif()
option(PIPEDIT_WITH_CUDA "Build the cuda backend" ${cuda_default})
if(NOT PIPEDIT_WITH_CUDA)
  return()
endif()
if(NOT EXISTS ${PIPEDIT_TORCH_DIR}/lib/libtorch_cuda.so)
  message(FATAL_ERROR "PIPEDIT_WITH_CUDA: the LibTorch in ${PIPEDIT_TORCH_DIR} was built without CUDA")
endif()

if(PIPEDIT_NVCC AND NOT CMAKE_CUDA_COMPILER)
  set(CMAKE_CUDA_COMPILER ${PIPEDIT_NVCC})
endif()
if(NOT CMAKE_CUDA_ARCHITECTURES)
  set(CMAKE_CUDA_ARCHITECTURES 90a CACHE STRING "GPU architectures to compile for")
endif()
enable_language(CUDA)
if(CMAKE_VERSION VERSION_LESS 3.26)  # it does not know that nvcc speaks C++20, and would drop the flag
  set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION -std=c++20)
  set(CMAKE_CUDA20_EXTENSION_COMPILE_OPTION -std=c++20)
endif()
set(CMAKE_CUDA_RUNTIME_LIBRARY Shared)  # as LibTorch uses it: one runtime a process
set(CMAKE_CUDA_STANDARD 20)
set(CMAKE_CUDA_STANDARD_REQUIRED ON)
find_package(CUDAToolkit REQUIRED)

# Nothing refers to libtorch_cuda by name, yet without it LibTorch knows no GPU: the linker must not drop it. libtorch is what
# extensions that are opened at run time (FlashAttention-3) ask for. What these need in turn lies beside them, and is
# found when the program starts. The C++ runtime is named by its file because a toolchain that links it statically would
# put a second one beside LibTorch's, and end programs in a crash.
find_library(PIPEDIT_CXX_RUNTIME NAMES libstdc++.so.6 stdc++ REQUIRED)
pipedit_import_torch_library(c10_cuda)
add_library(pipedit_cuda INTERFACE)
add_library(pipedit::cuda ALIAS pipedit_cuda)
target_link_libraries(
  pipedit_cuda
  INTERFACE pipedit::torch
            -Wl,--push-state,--no-as-needed
            ${PIPEDIT_TORCH_DIR}/lib/libtorch_cuda.so ${PIPEDIT_TORCH_DIR}/lib/libtorch.so ${PIPEDIT_CXX_RUNTIME}
            -Wl,--pop-state
            pipedit::c10_cuda CUDA::cudart ${CMAKE_DL_LIBS})
target_link_options(pipedit_cuda INTERFACE LINKER:--allow-shlib-undefined)

find_path(PIPEDIT_NCCL_INCLUDE nccl.h HINTS ${PIPEDIT_TORCH_DIR}/../nvidia/nccl/include)
find_library(PIPEDIT_NCCL_LIBRARY NAMES libnccl.so.2 nccl HINTS ${PIPEDIT_TORCH_DIR}/../nvidia/nccl/lib)
if(PIPEDIT_NCCL_INCLUDE AND PIPEDIT_NCCL_LIBRARY)
  set(PIPEDIT_WITH_NCCL ON)
  target_include_directories(pipedit_cuda SYSTEM INTERFACE ${PIPEDIT_NCCL_INCLUDE})
  target_link_libraries(pipedit_cuda INTERFACE ${PIPEDIT_NCCL_LIBRARY})
else()
  set(PIPEDIT_WITH_NCCL OFF)
endif()

# pipedit::fa3: defines PIPEDIT_FA3, the shared object of FlashAttention-3 that set-up found, or "".
pipedit_setup_note(fa3-library PIPEDIT_FA3)
add_library(pipedit_fa3 INTERFACE)
add_library(pipedit::fa3 ALIAS pipedit_fa3)
target_compile_definitions(pipedit_fa3 INTERFACE PIPEDIT_FA3="${PIPEDIT_FA3}")
